/// Who is in which chat, for all gateways: `chat:<id>:presence`, a sorted set of
/// "<user> <connection>" by the time at which it is a ghost.
#pragma once

#include <rubricon/ports/presence.hpp>
#include <rubricon/redis/script.hpp>

namespace rubricon::redis {

/// Time is the server's, so gateways need not agree on it. The connection outlives it.
class PresenceSets final : public ports::Presence {
 public:
  static constexpr base::Milliseconds ttl{60'000};

  explicit PresenceSets(Connection& connection);

  base::Task<bool> enter(domain::ChatId chat, domain::UserId user, std::string connection,
                         base::Deadline deadline) override;
  base::Task<bool> leave(domain::ChatId chat, domain::UserId user, std::string connection,
                         base::Deadline deadline) override;
  base::Task<std::vector<domain::UserId>> of_chat(domain::ChatId chat,
                                                  base::Deadline deadline) override;

 private:
  Script enter_;
  Script leave_;
  Script of_chat_;
};

}  // namespace rubricon::redis
