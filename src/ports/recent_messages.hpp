/// The last messages of chats, near at hand: opening a chat that is in use does not read them from
/// the database.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace rubricon::ports {

inline constexpr std::size_t recent_messages_max = 20;
inline constexpr base::Milliseconds recent_messages_kept{300'000};

/// Oldest first, at most `recent_messages_max`.
using RecentPage = std::vector<domain::Message>;
/// Reads the page from the store; called on the shard of who asked.
using RecentFill = std::function<base::Task<base::Result<RecentPage>>()>;

/// Never stale: an entry counts only where it is of exactly the position that the caller has just
/// read, together with the right to see the chat (ChatReader::membership). Without the cache
/// everything is read from the store; its faults are nobody's business.
class RecentMessages {
 public:
  virtual ~RecentMessages() = default;

  /// The last messages as of `head`, or newer. Where no entry is of `head` they come from `fill`,
  /// run once for all who ask the same meanwhile, and are kept for `recent_messages_kept`. Throws
  /// and answers what `fill` does.
  virtual base::Task<base::Result<RecentPage>> read(domain::ChatId chat, domain::Position head,
                                                    RecentFill fill, base::Deadline deadline) = 0;

  /// Brings an entry forward with the chat's next event; forgets it where that cannot be done:
  /// after an edit, a removal, a hole. May be called for any event, in any order, again. Throws
  /// base::Unavailable when the cache cannot be reached before `deadline`, which costs one `fill`.
  virtual base::Task<void> apply(std::shared_ptr<const domain::Event> event,
                                 base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
