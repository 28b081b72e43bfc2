/// Whole chats with all that is stored about them, for those who audit the log: `rubricon verify`
/// and `rubricon events`. Not on any user's path.
#pragma once

#include <rubricon/domain/ai_job.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/ports/rubric_store.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rubricon::ports {

/// The rows that a chat's events determine.
struct StoredChat {
  domain::ChatId id;
  domain::UserId owner;
  std::string title;
  domain::ContextJson context = "{}";
  bool deleted = false;
  domain::Position head{};
  base::Time updated_at{};  ///< of the newest event
  std::map<domain::UserId, domain::MemberRole> members;
  std::set<domain::UserId> guests;  ///< members whose own chat it is not, as their list is told
  std::map<domain::Seq, domain::Message> messages;
  domain::RubricVersion rubric{};  ///< the one that is shown
  std::map<domain::RubricVersion, RubricRecord> rubrics;
};

struct StoredJob {
  domain::AiJob job;
  base::Time queued_at;
};

/// Everything about one chat as it was at one instant.
struct ChatHistory {
  StoredChat chat;
  std::vector<domain::Event> events;  ///< as stored, by seq
  /// Events 1 to here, and the messages among them, were taken out of the store.
  domain::Seq gone_until{};
  std::vector<StoredJob> jobs;
};

/// The stream of one user as it was at one instant.
struct UserHistory {
  domain::Position head{};
  std::vector<domain::Event> events;  ///< as stored, by seq
  domain::Seq gone_until{};           ///< as in ChatHistory
};

/// Reads without disturbing a running server. Calls block; for tools, not for servers.
/// Faults: throws base::Unavailable when the store cannot be read.
class ChatHistories {
 public:
  virtual ~ChatHistories() = default;

  /// Ids of chats in order, those after `after`, at most `limit`; deleted ones included.
  virtual std::vector<domain::ChatId> chats(std::optional<domain::ChatId> after,
                                            std::size_t limit) = 0;
  /// nullopt where there is none. Memory grows with the chat.
  virtual std::optional<ChatHistory> read(domain::ChatId chat) = 0;
  /// Ids of users in order, those after `after`, at most `limit`.
  virtual std::vector<domain::UserId> users(std::optional<domain::UserId> after,
                                            std::size_t limit) = 0;
  /// nullopt where there is none.
  virtual std::optional<UserHistory> read(domain::UserId user) = 0;
  /// What the search index does not find by its words: 0 for the title, else a message's seq. Looks
  /// at the index of this moment, so what was changed since `chat` was read may be among it.
  virtual std::vector<domain::Seq> unsearchable(const StoredChat& chat) = 0;
  /// Events of a stream after `after`, in order, at most `limit`. Empty where there is no such one.
  virtual std::vector<domain::Event> events(domain::StreamId stream, domain::Seq after,
                                            std::size_t limit) = 0;
  /// Outbox rows written before `before`: nobody has taken them.
  virtual std::size_t waiting_since(base::Time before) = 0;
};

}  // namespace rubricon::ports
