/// The last messages of chats, for all processes: `chat:<id>:messages`, a list.
#pragma once

#include <rubricon/base/single_flight.hpp>
#include <rubricon/ports/recent_messages.hpp>
#include <rubricon/redis/script.hpp>

#include <optional>
#include <tuple>

namespace rubricon::redis {

/// The connection outlives it. Without Redis every page comes from `fill`, still once for all who
/// ask at the same time in this process.
class RecentMessageLists final : public ports::RecentMessages {
 public:
  explicit RecentMessageLists(Connection& connection);

  base::Task<base::Result<ports::RecentPage>> read(domain::ChatId chat, domain::Position head,
                                                   ports::RecentFill fill,
                                                   base::Deadline deadline) override;
  base::Task<void> apply(std::shared_ptr<const domain::Event> event,
                         base::Deadline deadline) override;

 private:
  using Key = std::tuple<domain::ChatId, domain::Epoch, domain::Seq>;

  base::Task<base::Result<ports::RecentPage>> filled(domain::ChatId chat, domain::Position head,
                                                     ports::RecentFill fill,
                                                     base::Deadline deadline);
  base::Task<std::optional<ports::RecentPage>> find(domain::ChatId chat, domain::Position head,
                                                    base::Deadline deadline);
  base::Task<void> keep(domain::ChatId chat, domain::Position head, ports::RecentPage page,
                        base::Deadline deadline);

  Script read_;
  Script keep_;
  Script apply_;
  base::SingleFlight<Key, ports::RecentPage> flights_;
};

}  // namespace rubricon::redis
