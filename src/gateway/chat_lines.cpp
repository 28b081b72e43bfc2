#include <rubricon/gateway/chat_lines.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/gateway/wire.hpp>
#include <rubricon/observability/fault_level.hpp>

#include <utility>

namespace rubricon::gateway {

void ChatLines::note(const domain::Event& event) {
  const auto chat = event.stream.chat();
  if (!chat) return;
  for (const auto user : event.audience) {
    if (!clients_.online(user)) continue;
    const auto [line, first] = waiting_.try_emplace(*chat);
    line->second.insert(user);
    if (first) tasks_.spawn(send_soon(*chat));
  }
}

base::Task<void> ChatLines::send_soon(domain::ChatId chat) {
  co_await base::pause(options_.chat_line_debounce);
  // A line that finds no place is not sent: lists are read anew on connect.
  if (reads_.start(send(chat))) co_return;
  meters_.reads_refused.add();
  waiting_.erase(chat);
}

base::Task<void> ChatLines::send(domain::ChatId chat) {
  const auto users = std::exchange(waiting_[chat], {});
  waiting_.erase(chat);
  try {
    for (const auto user : users) {
      if (!clients_.online(user)) continue;
      const auto deadline =
          base::Deadline::after(services_.clock.monotonic(), options_.store_timeout);
      const auto line = co_await services_.chats.summary(user, chat, deadline);
      if (line) clients_.send_to_user(user, "chat-updated", wire::chat_updated(*line));
    }
  } catch (const std::exception& fault) {
    meters_.store_faults.add();
    services_.log.repeated(observability::fault_level(fault), "gateway.chat_line_failed",
                           {{"error.message", fault.what()}});
  }
}

}  // namespace rubricon::gateway
