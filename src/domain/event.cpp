#include <rubricon/domain/event.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>
#include <array>
#include <utility>

namespace rubricon::domain {
namespace {

struct Spelling {
  EventType type;
  const char* name;
  const char* socket_name;
};

constexpr std::array spellings = {
    Spelling{EventType::chat_created, "chat-created", "chat-created"},
    Spelling{EventType::chat_renamed, "chat-renamed", "chat-renamed"},
    Spelling{EventType::chat_deleted, "chat-deleted", "chat-deleted"},
    Spelling{EventType::chat_restored, "chat-restored", "chat-restored"},
    Spelling{EventType::member_added, "member-added", "member-added"},
    Spelling{EventType::member_removed, "member-removed", "member-removed"},
    Spelling{EventType::message_created, "message-created", "new-msg"},
    Spelling{EventType::message_updated, "message-updated", "msg-updated"},
    Spelling{EventType::message_deleted, "message-deleted", "msg-deleted"},
    Spelling{EventType::answer_failed, "answer-failed", "answer-failed"},
    Spelling{EventType::rubric_updated, "rubric-updated", "rubric-updated"},
    Spelling{EventType::chat_added, "chat-added", "user-event"},
    Spelling{EventType::chat_removed, "chat-removed", "user-event"},
    Spelling{EventType::session_revoked, "session-revoked", "user-event"},
};

const Spelling& spelling(EventType type) {
  for (const auto& s : spellings) {
    if (s.type == type) return s;
  }
  base::assertion_failed("a known EventType", __FILE__, __LINE__);
}

}  // namespace

std::optional<StreamId> StreamId::parse(std::string_view text) {
  if (text.starts_with("chat:")) {
    if (const auto id = ChatId::parse(text.substr(5))) return StreamId(*id);
  } else if (text.starts_with("user:")) {
    if (const auto id = UserId::parse(text.substr(5))) return StreamId(*id);
  }
  return std::nullopt;
}

std::string StreamId::to_string() const {
  if (const auto id = chat()) return "chat:" + id->to_string();
  return "user:" + user()->to_string();
}

std::optional<ChatId> StreamId::chat() const {
  const auto* id = std::get_if<ChatId>(&id_);
  return id ? std::optional(*id) : std::nullopt;
}

std::optional<UserId> StreamId::user() const {
  const auto* id = std::get_if<UserId>(&id_);
  return id ? std::optional(*id) : std::nullopt;
}

const char* to_string(EventType type) noexcept {
  return spelling(type).name;
}

const char* socket_event_name(EventType type) noexcept {
  return spelling(type).socket_name;
}

std::optional<EventType> parse_event_type(std::string_view text) {
  for (const auto& s : spellings) {
    if (text == s.name) return s.type;
  }
  return std::nullopt;
}

std::string wire_payload(const Event& event) {
  RUBRICON_ASSERT(event.data.size() >= 2 && event.data.front() == '{');
  if (const auto chat = event.stream.chat()) {
    const bool empty = event.data == "{}";
    return fmt::format(R"({{"chatId":"{}","epoch":{},"seq":{}{}{})", chat->to_string(),
                       event.epoch.value(), event.seq.value(), empty ? "" : ",",
                       std::string_view(event.data).substr(1));
  }
  return fmt::format(R"({{"epoch":{},"seq":{},"type":"{}","data":{}}})", event.epoch.value(),
                     event.seq.value(), to_string(event.type), event.data);
}

std::string rest_form(const Event& event) {
  return fmt::format(R"({{"seq":{},"type":"{}","at":"{}","data":{}}})", event.seq.value(),
                     to_string(event.type), base::format_time(event.at), event.data);
}

}  // namespace rubricon::domain
