#include <rubricon/sim/recorder.hpp>

#include <rubricon/sim/scripted_ai.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::sim {
namespace {

namespace json = boost::json;
using Kind = history::Event::Kind;

/// Questions whose last end is a failure.
std::size_t given_up(const history::Chat& chat) {
  std::map<std::int64_t, Kind> ends;
  for (const auto& event : chat.events) {
    const bool end = event.kind == Kind::answer || event.kind == Kind::answer_failed;
    if (end) ends[event.reply_to] = event.kind;
  }
  return static_cast<std::size_t>(std::ranges::count_if(
      ends, [](const auto& end) { return end.second == Kind::answer_failed; }));
}

}  // namespace

std::string digest(std::string_view type, const json::object& data) {
  std::uint32_t hash = 0x811c9dc5u;
  for (const char c : json::serialize(data))
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return fmt::format("{}#{:08x}", type, hash);
}

void Recorder::applied(history::Applied applied) {
  applied.order = ++order_;
  loop_.note("{} applies {} ({}, {}) {}", applied.who, applied.chat, applied.epoch, applied.seq,
             applied.content);
  history.applied.push_back(std::move(applied));
}

void Recorder::snapshot(history::Snapshot snapshot) {
  snapshot.order = ++order_;
  loop_.note("{} reads {} anew, up to ({}, {})", snapshot.who, snapshot.chat, snapshot.epoch,
             snapshot.head);
  history.snapshots.push_back(std::move(snapshot));
}

void Recorder::heard(history::Heard heard) {
  loop_.note("socket {} hears {} seq {}", heard.who, heard.chat, heard.seq);
  history.heard.push_back(std::move(heard));
}

void Recorder::partial(history::Partial partial) {
  history.partials.push_back(std::move(partial));
}

void Recorder::restored(const memory::Tables& tables) {
  for (const auto& [id, row] : tables.chats) restored_[id.to_string()] = row.chat.epoch.value();
}

bool Recorder::lost(const std::string& chat_id, std::int64_t epoch) const {
  const auto found = restored_.find(chat_id);
  return found != restored_.end() && epoch < found->second;
}

std::string Recorder::name_in(const json::object& data, std::string_view field) const {
  const auto found = users_.find(history::text_in(data, field));
  return found == users_.end() ? std::string() : found->second;
}

history::Event Recorder::event_of(const domain::Event& event, history::Questions& questions) const {
  const auto data = json::parse(event.data).as_object();
  history::Event row{.epoch = event.epoch.value(),
                     .seq = event.seq.value(),
                     .kind = history::kind_of(event.type, data),
                     .content = digest(domain::socket_event_name(event.type), data),
                     .at = loop_.since_begin(event.at),
                     .user = name_in(data, "userId"),
                     .key = history::text_in(data, "clientId"),
                     .text = history::text_in(data, "content")};
  if (const auto* reply_to = data.if_contains("replyTo")) row.reply_to = reply_to->as_int64();
  if (row.kind == Kind::answer) row.marks = marks_of(row.text);
  row.asks = questions.asks(row.kind, data);
  return row;
}

void Recorder::read(const memory::Tables& tables, std::size_t dead_jobs) {
  auto& store = history.store;
  store = {};
  for (const auto& [id, row] : tables.chats) {
    auto& chat = store.chats[chats_.at(id.to_string())];
    chat.epoch = row.chat.epoch.value();
    chat.last_seq = row.chat.last_seq.value();
  }
  std::map<std::string, history::Questions> questions;
  for (const auto& [key, event] : tables.events) {
    const auto id = key.first.chat();
    if (!id) continue;
    const auto& chat = chats_.at(id->to_string());
    store.chats.at(chat).events.push_back(event_of(event, questions[chat]));
  }
  store.dead_jobs = dead_jobs;
  for (const auto& [chat, row] : store.chats) store.dead_jobs_expected += given_up(row);
  for (const auto& [key, row] : tables.jobs) {
    store.jobs.push_back({chats_.at(key.chat.to_string()), key.prompt.value(), key.variant,
                          history::state_of(row.job.state)});
  }
  store.outbox_rows = tables.outbox.size();
}

}  // namespace rubricon::sim
