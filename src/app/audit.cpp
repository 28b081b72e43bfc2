#include <rubricon/app/audit.hpp>

#include <rubricon/history/check.hpp>
#include <rubricon/projection/chat_view.hpp>

#include <fmt/format.h>
#include <boost/json.hpp>

namespace rubricon::app {
namespace {

namespace json = boost::json;
using domain::EventType;

constexpr std::size_t page = 1'000;

std::string text_of(const json::object& data, const char* name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

history::Event::Kind kind_of(EventType type, const json::object& data) {
  using Kind = history::Event::Kind;
  switch (type) {
    case EventType::message_created:
      return text_of(data, "role") == "AI" ? Kind::answer : Kind::message;
    case EventType::answer_failed: return Kind::answer_failed;
    case EventType::member_added: return Kind::member_added;
    case EventType::member_removed: return Kind::member_removed;
    default: return Kind::other;
  }
}

/// Without what people wrote: a finding is printed, and sent around.
history::Event history_event(const domain::Event& event) {
  boost::system::error_code error;
  const auto parsed = json::parse(event.data, error);
  const json::object data = !error && parsed.is_object() ? parsed.as_object() : json::object();
  history::Event out{.epoch = event.epoch.value(),
                     .seq = event.seq.value(),
                     .kind = kind_of(event.type, data),
                     .content = domain::to_string(event.type),
                     .at = base::Milliseconds(base::unix_ms(event.at)),
                     .user = text_of(data, "userId"),
                     .key = text_of(data, "clientId"),
                     .text = {},
                     .marks = {}};
  if (const auto* prompt = data.if_contains("replyTo"); prompt != nullptr && prompt->is_int64()) {
    out.reply_to = prompt->as_int64();
  }
  return out;
}

history::Job::State job_state(domain::JobState state) {
  using State = history::Job::State;
  switch (state) {
    case domain::JobState::queued:
    case domain::JobState::running: return State::open;
    case domain::JobState::done: return State::done;
    case domain::JobState::failed: return State::failed;
    case domain::JobState::cancelled: return State::cancelled;
  }
  return State::open;
}

history::History history_of(const ports::ChatHistory& stored, base::Time answered_by) {
  history::History history;
  const auto name = stored.chat.id.to_string();
  history::Chat chat{.epoch = stored.chat.head.epoch.value(),
                     .last_seq = stored.chat.head.seq.value(),
                     .events = {}};
  for (const auto& event : stored.events) chat.events.push_back(history_event(event));
  history.store.chats.emplace(name, std::move(chat));
  for (const auto& [job, queued_at] : stored.jobs) {
    const auto state = job_state(job.state);
    if (state == history::Job::State::open && queued_at > answered_by) continue;
    history.store.jobs.push_back({name, job.prompt_seq.value(), job.variant, state});
  }
  return history;
}

/// Calls `look` with every chat, one in memory at a time.
template <typename Look>
AuditCount each_chat(ports::ChatHistories& store, Look look) {
  AuditCount count;
  std::optional<domain::ChatId> after;
  for (;;) {
    const auto ids = store.chats(after, page);
    if (ids.empty()) return count;
    for (const auto id : ids) {
      const auto chat = store.read(id);
      if (!chat) continue;
      ++count.chats;
      count.events += chat->events.size();
      look(*chat, count);
    }
    after = ids.back();
  }
}

}  // namespace

AuditCount verify_store(ports::ChatHistories& store, base::Time now, AuditPatience patience,
                        const Report& report) {
  auto count = each_chat(store, [&](const ports::ChatHistory& chat, AuditCount& so_far) {
    for (const auto& violation : history::check(history_of(chat, now - patience.answer))) {
      report(history::to_text(violation));
      ++so_far.findings;
    }
  });
  if (const auto waiting = store.waiting_since(now - patience.outbox); waiting > 0) {
    report(
        fmt::format("rule 9: {} events wait in the outbox for more than {} s; does the server run?",
                    waiting, patience.outbox.count() / 1'000));
    ++count.findings;
  }
  return count;
}

AuditCount compare_projections(ports::ChatHistories& store, const Report& report) {
  return each_chat(store, [&](const ports::ChatHistory& chat, AuditCount& count) {
    const auto say = [&](const std::string& what) {
      report(fmt::format("chat {}: {}", chat.chat.id.to_string(), what));
      ++count.findings;
    };
    projection::ChatProjection rebuilt(chat.chat.id);
    for (const auto& event : chat.events) {
      if (const auto applied = rebuilt.apply(event); !applied) return say(applied.error().detail);
    }
    for (const auto& difference : projection::differences(chat.chat, rebuilt.view())) {
      say(difference);
    }
  });
}

}  // namespace rubricon::app
