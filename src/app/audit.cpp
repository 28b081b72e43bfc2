#include <rubricon/app/audit.hpp>

#include <rubricon/history/check.hpp>
#include <rubricon/history/stored.hpp>
#include <rubricon/projection/chat_projection.hpp>

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <optional>

namespace rubricon::app {
namespace {

namespace json = boost::json;

constexpr std::size_t page = 1'000;

/// Without what people wrote: a finding is printed, and sent around.
history::Event history_event(const domain::Event& event, history::Questions& questions) {
  boost::system::error_code error;
  const auto parsed = json::parse(event.data, error);
  const json::object data = !error && parsed.is_object() ? parsed.as_object() : json::object();
  history::Event out{.epoch = event.epoch.value(),
                     .seq = event.seq.value(),
                     .kind = history::kind_of(event.type, data),
                     .asks = false,
                     .content = domain::to_string(event.type),
                     .at = base::Milliseconds(base::unix_ms(event.at)),
                     .user = history::text_in(data, "userId"),
                     .key = history::text_in(data, "clientId"),
                     .text = {},
                     .marks = {}};
  if (const auto* prompt = data.if_contains("replyTo"); prompt != nullptr && prompt->is_int64()) {
    out.reply_to = prompt->as_int64();
  }
  out.asks = questions.asks(out.kind, data);
  return out;
}

/// The question may still be answered.
void excuse(history::Chat& chat, domain::Seq prompt) {
  const auto question = std::ranges::find(chat.events, prompt.value(), &history::Event::seq);
  if (question != chat.events.end()) question->asks = false;
}

history::History history_of(const ports::ChatHistory& stored, base::Time answered_by) {
  history::History history;
  const auto name = stored.chat.id.to_string();
  history::Chat chat{.epoch = stored.chat.head.epoch.value(),
                     .last_seq = stored.chat.head.seq.value(),
                     .events = {},
                     .gone_until = stored.gone_until.value()};
  history::Questions questions;
  for (const auto& event : stored.events) {
    chat.events.push_back(history_event(event, questions));
  }
  history.store.chats.emplace(name, std::move(chat));
  for (const auto& [job, queued_at] : stored.jobs) {
    const auto state = history::state_of(job.state);
    if (state == history::Job::State::open && queued_at > answered_by) {
      excuse(history.store.chats.at(name), job.prompt_seq);
      continue;
    }
    if (job.prompt_seq <= stored.gone_until) continue;  // its answer may be gone too
    history.store.jobs.push_back({name, job.prompt_seq.value(), job.variant, state});
  }
  return history;
}

/// Calls `visit` with every id that `list(after, limit)` knows, page by page.
template <typename Id, typename List, typename Visit>
void each_id(List list, Visit visit) {
  std::optional<Id> after;
  for (;;) {
    const std::vector<Id> ids = list(after, page);
    if (ids.empty()) return;
    for (const auto id : ids) visit(id);
    after = ids.back();
  }
}

/// Calls `look` with every chat, one in memory at a time.
template <typename Look>
AuditCount each_chat(ports::ChatHistories& store, Look look) {
  AuditCount count;
  const auto list = [&](auto after, auto limit) { return store.chats(after, limit); };
  each_id<domain::ChatId>(list, [&](domain::ChatId id) {
    const auto chat = store.read(id);
    if (!chat) return;
    ++count.chats;
    if (chat->gone_until.value() > 0) ++count.begun_elsewhere;
    count.events += chat->events.size();
    look(*chat, count);
  });
  return count;
}

history::History history_of(domain::UserId id, const ports::UserHistory& user) {
  history::Chat stream{.epoch = user.head.epoch.value(),
                       .last_seq = user.head.seq.value(),
                       .events = {},
                       .gone_until = user.gone_until.value()};
  history::Questions none;
  for (const auto& event : user.events) stream.events.push_back(history_event(event, none));
  history::History history;
  history.store.chats.emplace("user " + id.to_string(), std::move(stream));
  return history;
}

/// Holds rule 3 against every user's stream.
void verify_users(ports::ChatHistories& store, AuditCount& count, const Report& report) {
  const auto list = [&](auto after, auto limit) { return store.users(after, limit); };
  each_id<domain::UserId>(list, [&](domain::UserId id) {
    const auto user = store.read(id);
    if (!user) return;
    ++count.users;
    count.events += user->events.size();
    for (const auto& violation : history::check(history_of(id, *user))) {
      report(history::to_text(violation));
      ++count.findings;
    }
  });
}

/// What search does not find, and did not find a moment later either, although it was still there:
/// the index is not of the instant at which the chat was read, and servers may be at work.
std::vector<domain::Seq> lost_to_search(ports::ChatHistories& store,
                                        const ports::StoredChat& chat) {
  auto lost = store.unsearchable(chat);
  if (lost.empty()) return lost;
  const auto again = store.read(chat.id);
  if (!again) return {};
  const auto still = store.unsearchable(again->chat);
  std::erase_if(lost, [&](domain::Seq document) {
    const auto text = [&](const ports::StoredChat& of) {
      const auto message = of.messages.find(document);
      return message == of.messages.end() ? of.title : message->second.content;
    };
    return std::ranges::find(still, document) == still.end() || text(chat) != text(again->chat);
  });
  return lost;
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
  verify_users(store, count, report);
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
    if (chat.gone_until.value() > 0) return;  // nothing can be made of the rest alone
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
    for (const auto document : lost_to_search(store, chat.chat)) {
      say(document.value() == 0 ? "search does not find its title"
                                : fmt::format("search does not find message {}", document.value()));
    }
  });
}

}  // namespace rubricon::app
