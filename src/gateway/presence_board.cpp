#include <rubricon/gateway/presence_board.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/gateway/wire.hpp>
#include <rubricon/observability/fault_level.hpp>

#include <chrono>
#include <unordered_set>
#include <utility>

namespace rubricon::gateway {
namespace {

/// Chats beyond it are told what they may know already.
constexpr std::size_t told_max = 100'000;

}  // namespace

void PresenceBoard::enter(const ClientPtr& client, domain::ChatId chat) {
  tasks_.spawn(entered(client, chat));
}

void PresenceBoard::leave(const ClientPtr& client, domain::ChatId chat) {
  tasks_.spawn(left(client, chat));
}

base::Task<void> PresenceBoard::entered(ClientPtr client, domain::ChatId chat) {
  try {
    // It may have left before this began; then nobody would take it out again.
    if (!client->stays.contains(domain::StreamId(chat))) co_return;
    const bool appeared =
        co_await services_.presence.enter(chat, client->identity.user, client->id, deadline());
    const auto users = co_await services_.presence.of_chat(chat, deadline());
    clients_.send(*client, "presence", wire::presence(chat, users),
                  socketio_server::Delivery::ephemeral);
    if (appeared) announce_within(chat, options_.presence_enter_debounce);
  } catch (const std::exception& fault) {
    failed(fault);
  }
}

base::Task<void> PresenceBoard::left(ClientPtr client, domain::ChatId chat) {
  try {
    const bool vanished =
        co_await services_.presence.leave(chat, client->identity.user, client->id, deadline());
    if (vanished) announce_within(chat, options_.presence_leave_debounce);
  } catch (const std::exception& fault) {
    failed(fault);
  }
}

base::Task<void> PresenceBoard::refresh(std::vector<ClientPtr> clients) {
  std::unordered_set<domain::ChatId> chats;
  try {
    for (const auto& client : clients) {
      std::vector<domain::ChatId> open;
      for (const auto& [stream, who] : client->stays) {
        if (const auto chat = stream.chat()) open.push_back(*chat);
      }
      for (const auto chat : open) {
        if (!client->stays.contains(domain::StreamId(chat))) continue;
        co_await services_.presence.enter(chat, client->identity.user, client->id, deadline());
        chats.insert(chat);
      }
    }
  } catch (const std::exception& fault) {
    failed(fault);
  }
  for (const auto chat : chats) announce_within(chat, options_.presence_leave_debounce);
}

base::Deadline PresenceBoard::deadline() const {
  return base::Deadline::after(services_.clock.monotonic(), options_.store_timeout);
}

void PresenceBoard::announce_within(domain::ChatId chat, base::Milliseconds time) {
  const auto due = services_.clock.monotonic() + time;
  const auto [entry, first] = due_.try_emplace(chat, due);
  if (!first && entry->second <= due) return;
  entry->second = due;
  tasks_.spawn(announce(chat, due));
}

base::Task<void> PresenceBoard::announce(domain::ChatId chat, base::Instant due) {
  const auto rest = due - services_.clock.monotonic();
  co_await base::pause(std::chrono::ceil<base::Milliseconds>(rest));
  const auto entry = due_.find(chat);
  if (entry == due_.end() || entry->second != due) co_return;
  due_.erase(entry);
  try {
    const auto users = co_await services_.presence.of_chat(chat, deadline());
    auto news = wire::presence(chat, users);
    auto& told = told_[chat];
    if (told != news) services_.ephemerals.publish({domain::StreamId(chat), "presence", news});
    told = std::move(news);
    if (users.empty() || told_.size() > told_max) told_.erase(chat);
  } catch (const std::exception& fault) {
    failed(fault);
  }
}

void PresenceBoard::failed(const std::exception& fault) {
  meters_.store_faults.add();
  services_.log.repeated(observability::fault_level(fault), "gateway.presence_failed",
                         {{"error.message", fault.what()}});
}

}  // namespace rubricon::gateway
