#include <rubricon/sim/chat_sync.hpp>

#include <rubricon/sim/scripted_ai.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <utility>

namespace rubricon::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// After a join the missed events follow by themselves; if not, they are read.
constexpr auto catch_up = 3s;
/// A chat that is gone may come back: its user may be let in again.
constexpr auto look_again = 8s;
constexpr std::size_t waiting_max = 1'000;

std::int64_t number_in(const json::object& object, std::string_view name, std::int64_t otherwise) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : otherwise;
}

bool asks_for_resync(const json::object& ack, std::int64_t epoch) {
  return ack.contains("resync") || number_in(ack, "epoch", epoch) != epoch;
}

}  // namespace

ChatSync::ChatSync(DeviceParts& device, SocketClient& socket, std::string chat)
    : device_(device),
      socket_(socket),
      chat_(std::move(chat)),
      name_(device.recorder.chat(chat_)),
      bell_(device.loop.executor()) {}

Place* ChatSync::place() {
  const auto found = device_.storage.places.find(chat_);
  return found == device_.storage.places.end() ? nullptr : &found->second;
}

base::Task<void> ChatSync::run() {
  for (;;) {
    if (std::exchange(refetch_wanted_, false)) co_await refetch();
    if (std::exchange(level_wanted_, false)) {
      ++retry_;
      const bool known = place() != nullptr || co_await refetch();
      if (known && socket_.connected()) co_await join();
    }
    co_await drain();
    co_await bell_.wait();
  }
}

void ChatSync::level() {
  level_wanted_ = true;
  bell_.ring();
}

void ChatSync::receive(std::string_view name, const json::object& payload) {
  const auto epoch = payload.at("epoch").as_int64(), seq = payload.at("seq").as_int64();
  if (stay_.number != 0) {
    device_.recorder.heard({.who = device_.name,
                            .chat = name_,
                            .stay = stay_.number,
                            .from_epoch = stay_.from.epoch,
                            .after = stay_.from.seq,
                            .epoch = epoch,
                            .seq = seq,
                            .at = device_.loop.elapsed()});
  }
  const auto* here = place();
  if (here == nullptr || epoch < here->epoch) return;
  if (epoch > here->epoch) {
    refetch_wanted_ = true;
    return bell_.ring();
  }
  if (seq <= here->seq || waiting_.size() >= waiting_max) return;
  json::object data;
  for (const auto& [key, value] : payload) {
    if (key != "chatId" && key != "epoch" && key != "seq") data[key] = value;
  }
  waiting_.insert_or_assign(seq, Seen{epoch, std::string(name), std::move(data)});
  head_is(seq);
}

void ChatSync::delta(const json::object& payload) {
  const auto* partial = partials_.add(payload);
  if (partial == nullptr) return;
  auto marks = marks_of(to_utf8(partial->text));
  if (marks.size() <= 1) return;
  device_.recorder.partial({.who = device_.name,
                            .job = std::string(payload.at("jobId").as_string()),
                            .attempt = static_cast<int>(partial->attempt),
                            .marks = std::move(marks),
                            .at = device_.loop.elapsed()});
}

void ChatSync::head_is(std::int64_t seq) {
  head_ = std::max(head_, seq);
  bell_.ring();
}

base::Task<void> ChatSync::join() {
  for (int round = 0; round < 2; ++round) {
    if (place() == nullptr) co_return;
    const auto from = *place();
    const json::object position = {{"chatId", chat_}, {"epoch", from.epoch}, {"after", from.seq}};
    const auto ack = co_await socket_.request(
        "join-chat", position, [this, from](const json::value& a) { join_acknowledged(a, from); });
    const auto* answer = ack ? ack->if_object() : nullptr;
    if (answer == nullptr) co_return retry_later(device_.backoff(++attempt_));
    if (const auto* error = answer->if_contains("error")) {
      const auto& code = error->as_object().at("code").as_string();
      if (code == "not_found" || code == "forbidden") co_return gone();
      co_return retry_later(device_.backoff(++attempt_));
    }
    attempt_ = 0;
    const auto head = number_in(*answer, "head", from.seq);
    device_.loop.after(catch_up, [this, head, alive = std::weak_ptr(alive_)] {
      if (alive.lock()) head_is(head);
    });
    if (!asks_for_resync(*answer, from.epoch) || !co_await refetch()) co_return;
  }
}

/// What follows on this socket goes on from here.
void ChatSync::join_acknowledged(const json::value& ack, Place from) {
  const auto* answer = ack.if_object();
  if (answer == nullptr || answer->contains("error")) return;
  const bool resync = answer->contains("resync");
  const Place head{number_in(*answer, "epoch", from.epoch), number_in(*answer, "head", from.seq)};
  stay_ = {++device_.stays, resync ? head : from};
}

base::Task<bool> ChatSync::refetch() {
  const auto answer = co_await device_.ask({.path = "/api/chat/" + chat_});
  if (!answer || answer->status != 200) {
    failed(answer);
    co_return false;
  }
  attempt_ = 0;
  const auto detail = json::parse(answer->body.view()).as_object();
  const auto epoch = detail.at("epoch").as_int64(), head = detail.at("head").as_int64();
  const auto* here = place();
  if (here != nullptr && here->epoch == epoch && here->seq > head) co_return true;
  history::Snapshot snapshot{.who = device_.name,
                             .chat = name_,
                             .epoch = epoch,
                             .head = head,
                             .messages = {},
                             .at = device_.loop.elapsed()};
  for (const auto& message : detail.at("msgs").as_array()) {
    const auto& fields = message.as_object();
    snapshot.messages[fields.at("seq").as_int64()] = fields.at("content").as_string();
  }
  device_.recorder.snapshot(std::move(snapshot));
  if (here != nullptr && here->epoch != epoch) partials_ = {};
  device_.storage.places[chat_] = {epoch, head};
  head_ = head;
  std::erase_if(waiting_, [&](const auto& seen) { return seen.second.epoch != epoch; });
  co_return true;
}

base::Task<void> ChatSync::drain() {
  for (;;) {
    const auto* here = place();
    if (here == nullptr) co_return;
    if (apply_run()) continue;
    if (head_ <= here->seq || !co_await fill_hole()) co_return;
  }
}

/// False where nothing follows the position.
bool ChatSync::apply_run() {
  bool some = false;
  for (auto* here = place(); here != nullptr; here = place()) {
    waiting_.erase(waiting_.begin(), waiting_.upper_bound(here->seq));
    const auto next = waiting_.extract(here->seq + 1);
    if (next.empty()) break;
    some = true;
    apply(next.key(), next.mapped());
  }
  return some;
}

void ChatSync::apply(std::int64_t seq, const Seen& seen) {
  device_.storage.places[chat_] = {seen.epoch, seq};
  device_.recorder.applied({.who = device_.name,
                            .chat = name_,
                            .epoch = seen.epoch,
                            .seq = seq,
                            .content = digest(seen.name, seen.data),
                            .at = device_.loop.elapsed()});
  if (seen.name == "chat-deleted" ||
      (seen.name == "member-removed" && seen.data.at("userId").as_string() == device_.user_id)) {
    gone();
  }
}

base::Task<bool> ChatSync::fill_hole() {
  const auto [epoch, seq] = *place();
  const auto answer = co_await device_.ask(
      {.path = "/api/chat/" + chat_ + "/events", .query = fmt::format("after={}&limit=500", seq)});
  if (!answer || answer->status != 200) {
    failed(answer);
    co_return false;
  }
  attempt_ = 0;
  const auto page = json::parse(answer->body.view()).as_object();
  if (page.at("epoch").as_int64() != epoch) co_return co_await refetch();
  head_ = page.at("head").as_int64();
  for (const auto& event : page.at("events").as_array()) {
    const auto& fields = event.as_object();
    const auto type = domain::parse_event_type(std::string_view(fields.at("type").as_string()));
    if (!type) continue;
    waiting_.insert_or_assign(
        fields.at("seq").as_int64(),
        Seen{epoch, domain::socket_event_name(*type), fields.at("data").as_object()});
  }
  co_return waiting_.contains(seq + 1) || (head_ > seq && co_await refetch());
}

void ChatSync::failed(const Answer& answer) {
  if (answer && (answer->status == 404 || answer->status == 403)) return gone();
  if (is_transient(answer)) retry_later(device_.backoff(++attempt_));
}

/// What was kept of a chat is forgotten with it; a new beginning reads it anew.
void ChatSync::gone() {
  device_.loop.note("{} has lost {}", device_.name, name_);
  device_.storage.places.erase(chat_);
  waiting_.clear();
  head_ = 0;
  stay_ = {};
  retry_later(look_again);
}

void ChatSync::retry_later(base::Milliseconds delay) {
  device_.loop.after(delay, [this, mine = ++retry_, alive = std::weak_ptr(alive_)] {
    if (alive.lock() && mine == retry_) level();
  });
}

}  // namespace rubricon::sim
