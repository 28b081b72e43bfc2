/// Who is in which chat, inside one process.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/presence.hpp>

#include <unordered_map>

#include <map>

namespace rubricon::memory {

/// Lives on one shard; every operation completes without waiting. `clock` must outlive it.
/// Bounded by forgetting: what is not entered again for 60 s goes.
class PresenceMap final : public ports::Presence {
 public:
  static constexpr base::Milliseconds ttl{60'000};

  explicit PresenceMap(const ports::Clock& clock) : clock_(clock) {}

  base::Task<bool> enter(domain::ChatId chat, domain::UserId user, std::string connection,
                         base::Deadline) override;
  base::Task<bool> leave(domain::ChatId chat, domain::UserId user, std::string connection,
                         base::Deadline) override;
  base::Task<std::vector<domain::UserId>> of_chat(domain::ChatId chat, base::Deadline) override;

  /// Chats with somebody in them, ghosts included until they are swept.
  std::size_t chats() const { return chats_.size(); }

 private:
  using Connections = std::unordered_map<std::string, base::Instant>;  ///< name -> gone at
  using Users = std::map<domain::UserId, Connections>;

  void forget_ghosts(Users& users) const;
  void sweep();

  const ports::Clock& clock_;
  std::unordered_map<domain::ChatId, Users> chats_;
  base::Instant swept_{};
};

}  // namespace rubricon::memory
