/// A chat as its events tell it: what the tables chats, chat_members, messages, rubrics and
/// rubric_versions hold, rebuilt from the log alone. Pure.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/ports/chat_history.hpp>

#include <map>
#include <string>
#include <vector>

namespace rubricon::projection {

/// Applies events 1, 2, 3, … of one chat. Stops at the first event that cannot be: a hole, an
/// unknown message, data that is not what its type says.
class ChatProjection {
 public:
  explicit ChatProjection(domain::ChatId chat);

  /// invalid, with the event's seq in `detail`, where the event does not follow from those before;
  /// then nothing is changed.
  base::Result<void> apply(const domain::Event& event);

  const ports::StoredChat& view() const { return view_; }

 private:
  class Change;

  ports::StoredChat view_;
  std::map<domain::MessageId, domain::Seq> by_id_;  ///< of the messages that are there
};

/// What differs between the rows that are stored and those that the log makes, a sentence each,
/// without any text of messages. Empty where they are equal.
std::vector<std::string> differences(const ports::StoredChat& stored,
                                     const ports::StoredChat& rebuilt);

}  // namespace rubricon::projection
