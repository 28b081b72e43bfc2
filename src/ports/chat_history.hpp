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
  std::map<domain::UserId, domain::MemberRole> members;
  std::map<domain::Seq, domain::Message> messages;
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
  /// Events of a stream after `after`, in order, at most `limit`. Empty where there is no such one.
  virtual std::vector<domain::Event> events(domain::StreamId stream, domain::Seq after,
                                            std::size_t limit) = 0;
  /// Outbox rows written before `before`: nobody has taken them.
  virtual std::size_t waiting_since(base::Time before) = 0;
};

}  // namespace rubricon::ports
