#include <rubricon/sim/send_queue.hpp>

#include <rubricon/base/pause.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rubricon::sim {
namespace {

namespace json = boost::json;
using Outcome = history::Write::Outcome;

}  // namespace

void SendQueue::start() {
  for (const auto& [chat, unsent] : device_.storage.unsent) run(chat);
}

bool SendQueue::empty() const {
  return std::ranges::all_of(device_.storage.unsent,
                             [](const auto& of_chat) { return of_chat.second.empty(); });
}

void SendQueue::enqueue(const std::string& chat, std::string key, std::string content) {
  auto& writes = device_.recorder.history.writes;
  device_.storage.unsent[chat].push_back({key, std::move(content), writes.size()});
  writes.push_back({.who = device_.name,
                    .chat = device_.recorder.chat(chat),
                    .key = std::move(key),
                    .invoked = device_.loop.elapsed(),
                    .ended = At::max(),
                    .outcome = Outcome::unknown,
                    .attempts = 0});
  run(chat);
}

void SendQueue::run(const std::string& chat) {
  if (running_[chat] || device_.storage.unsent[chat].empty()) return;
  running_[chat] = tasks_.spawn(send_all(chat));
}

base::Task<void> SendQueue::send_all(std::string chat) {
  auto& unsent = device_.storage.unsent[chat];
  int attempt = 0;
  while (!unsent.empty()) {
    const auto message = unsent.front();
    const json::object body = {
        {"chatId", chat}, {"content", message.content}, {"clientId", message.key}};
    Request request{.method = "POST", .path = "/api/chat/messages", .body = json::serialize(body)};
    auto& write = device_.recorder.history.writes[message.write];
    if (write.attempts++ == 0) write.invoked = device_.loop.elapsed();
    device_.loop.note("{} posts {}", device_.name, message.key);
    const auto answer = co_await device_.ask(std::move(request));
    if (is_transient(answer)) {
      co_await base::pause(device_.backoff(++attempt));
      continue;
    }
    attempt = 0;
    auto& ended = device_.recorder.history.writes[message.write];
    ended.ended = device_.loop.elapsed();
    ended.outcome = answer->status == 201 ? Outcome::ok : Outcome::refused;
    if (answer->status == 201) {
      const auto stored = json::parse(answer->body.view()).as_object();
      ended.seq = stored.at("seq").as_int64();
      const auto epoch = stored.at("epoch").as_int64();
      if (device_.recorder.lost(chat, epoch)) ended.outcome = Outcome::unknown;
    }
    device_.loop.note("{} hears of {}: {} {}", device_.name, message.key, answer->status,
                      ended.seq);
    unsent.pop_front();
  }
  running_[chat] = false;
}

}  // namespace rubricon::sim
