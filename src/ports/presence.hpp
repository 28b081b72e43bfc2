/// Who is in a chat right now.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/ids.hpp>

#include <string>
#include <vector>

namespace rubricon::ports {

/// A user is present in a chat while one of their connections is. A connection that is not
/// refreshed for 60 s is a ghost and gone. A cache: it may forget everything at any time.
/// Faults: throws base::Unavailable when the cache cannot answer before `deadline`.
class Presence {
 public:
  virtual ~Presence() = default;

  /// True where the user was not present before.
  virtual base::Task<bool> enter(domain::ChatId chat, domain::UserId user, std::string connection,
                                 base::Deadline deadline) = 0;
  /// True where this was the user's last connection in the chat.
  virtual base::Task<bool> leave(domain::ChatId chat, domain::UserId user, std::string connection,
                                 base::Deadline deadline) = 0;
  /// Sorted, without repeats.
  virtual base::Task<std::vector<domain::UserId>> of_chat(domain::ChatId chat,
                                                          base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
