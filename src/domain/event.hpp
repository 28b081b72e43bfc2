/// Everything that changes is an event in a stream: one per chat, one per user.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/domain/ids.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rubricon::domain {

/// A chat's stream or a user's stream. Text form: "chat:<uuid>", "user:<uuid>", which is also the
/// name of the room where its events are seen.
class StreamId {
 public:
  explicit StreamId(ChatId chat) : id_(chat) {}
  explicit StreamId(UserId user) : id_(user) {}
  static std::optional<StreamId> parse(std::string_view text);

  std::string to_string() const;
  std::optional<ChatId> chat() const;
  std::optional<UserId> user() const;
  bool operator==(const StreamId&) const = default;
  auto operator<=>(const StreamId&) const = default;

 private:
  std::variant<ChatId, UserId> id_;
};

enum class EventType {
  chat_created,
  chat_renamed,
  chat_deleted,
  chat_restored,
  member_added,
  member_removed,
  message_created,
  message_updated,
  message_deleted,
  answer_failed,
  rubric_updated,
  chat_added,       ///< user stream: a chat came into view
  chat_removed,     ///< user stream: a chat went out of view
  session_revoked,  ///< user stream: data {"sessionId"}
};

/// Spelling in the database and in REST, e.g. "message-created".
const char* to_string(EventType type) noexcept;
std::optional<EventType> parse_event_type(std::string_view text);

/// Name of the Socket.IO event that carries it: "new-msg", "msg-updated", …; user-stream events are
/// all "user-event".
const char* socket_event_name(EventType type) noexcept;

/// One stored fact. `(stream, epoch, seq)` identifies it for ever; consumers drop what they have
/// seen.
struct Event {
  StreamId stream;
  Epoch epoch;
  Seq seq;
  EventType type;
  base::Time at;
  /// JSON object text as clients get it, without chatId, epoch and seq.
  std::string data;
  /// Chat streams: the members at commit, who get `chat-updated`. Sorted, at most `members_max`.
  std::vector<UserId> audience;
  /// W3C traceparent of the request that caused it; may be empty.
  std::string trace;

  bool operator==(const Event&) const = default;
};

/// A place in a stream.
struct Position {
  Epoch epoch;
  Seq seq;

  bool operator==(const Position&) const = default;
};

/// The payload on the wire: `data` with the position spliced in front:
/// `{"chatId":"…","epoch":1,"seq":7,…data}`; user streams
/// `{"epoch":1,"seq":7,"type":"…","data":{…}}`.
std::string wire_payload(const Event& event);

/// The form in REST lists: `{"seq":7,"type":"message-created","at":"…","data":{…}}`.
std::string rest_form(const Event& event);

}  // namespace rubricon::domain

template <>
struct std::hash<rubricon::domain::StreamId> {
  std::size_t operator()(const rubricon::domain::StreamId& stream) const noexcept {
    if (const auto chat = stream.chat()) return std::hash<rubricon::domain::ChatId>()(*chat);
    return ~std::hash<rubricon::domain::UserId>()(*stream.user());
  }
};
