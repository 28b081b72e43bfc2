/// The last messages of chats, inside one process.
#pragma once

#include <rubricon/base/single_flight.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/recent_messages.hpp>

#include <cstddef>
#include <tuple>
#include <unordered_map>

namespace rubricon::memory {

/// Lives on one shard. `clock` must outlive it. Where it is full of chats that still count, a
/// newcomer takes the place of any of them.
class RecentMessageMap final : public ports::RecentMessages {
 public:
  explicit RecentMessageMap(const ports::Clock& clock, std::size_t chats_max = 1'024)
      : clock_(clock), chats_max_(chats_max) {}

  base::Task<base::Result<ports::RecentPage>> read(domain::ChatId chat, domain::Position head,
                                                   ports::RecentFill fill,
                                                   base::Deadline deadline) override;
  base::Task<void> apply(std::shared_ptr<const domain::Event> event, base::Deadline) override;

  std::size_t size() const { return chats_.size(); }

 private:
  struct Entry {
    domain::Position head;
    ports::RecentPage messages;
    base::Instant gone_at;
  };
  using Key = std::tuple<domain::ChatId, domain::Epoch, domain::Seq>;

  base::Task<base::Result<ports::RecentPage>> filled(domain::ChatId chat, domain::Position head,
                                                     ports::RecentFill fill);
  void keep(domain::ChatId chat, domain::Position head, const ports::RecentPage& messages);
  /// False where the entry does not count any more.
  bool bring_forward(Entry& entry, const domain::Event& event);
  void make_room();

  const ports::Clock& clock_;
  std::size_t chats_max_;
  std::unordered_map<domain::ChatId, Entry> chats_;
  base::SingleFlight<Key, ports::RecentPage> flights_;
};

}  // namespace rubricon::memory
