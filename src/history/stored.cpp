#include <rubricon/history/stored.hpp>

#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/message_source.hpp>

#include <boost/json/serialize.hpp>

namespace rubricon::history {
namespace {

bool imported(const boost::json::object& data) {
  const auto* value = data.if_contains("meta");
  const auto* meta = value != nullptr ? value->if_object() : nullptr;
  return meta != nullptr && text_in(*meta, "source") == domain::imported_source;
}

}  // namespace

std::string text_in(const boost::json::object& data, std::string_view field) {
  const auto* value = data.if_contains(field);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

Event::Kind kind_of(domain::EventType type, const boost::json::object& data) {
  switch (type) {
    case domain::EventType::message_created:
      return text_in(data, "role") == "AI" ? Event::Kind::answer : Event::Kind::message;
    case domain::EventType::answer_failed: return Event::Kind::answer_failed;
    case domain::EventType::chat_created:
    case domain::EventType::member_added: return Event::Kind::member_added;
    case domain::EventType::member_removed: return Event::Kind::member_removed;
    default: return Event::Kind::other;
  }
}

bool Questions::asks(Event::Kind kind, const boost::json::object& data) {
  if (const auto* context = data.if_contains("context")) {
    answered_ = domain::wants_answer(boost::json::serialize(*context));
  }
  return kind == Event::Kind::message && answered_ && !imported(data);
}

Job::State state_of(domain::JobState state) {
  switch (state) {
    case domain::JobState::done: return Job::State::done;
    case domain::JobState::failed: return Job::State::failed;
    case domain::JobState::cancelled: return Job::State::cancelled;
    case domain::JobState::queued:
    case domain::JobState::running: break;
  }
  return Job::State::open;
}

}  // namespace rubricon::history
