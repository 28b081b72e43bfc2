#include <rubricon/sim/device.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/sim/fatal.hpp>

#include <utility>

namespace rubricon::sim {

struct Device::Running {
  Running(Device& device, SocketHooks hooks)
      : tasks(device.parts_.loop.executor(), fatal_error),
        socket(device.parts_.loop, device.parts_.network, device.parts_.link, std::move(hooks)),
        queue(device.parts_, tasks) {
    for (const auto chat : device.chats_) {
      chats.emplace(chat.to_string(),
                    std::make_unique<ChatSync>(device.parts_, socket, chat.to_string()));
    }
  }

  base::TaskGroup tasks;
  SocketClient socket;
  SendQueue queue;
  std::map<std::string, std::unique_ptr<ChatSync>> chats;
};

Device::Device(DeviceParts parts, std::vector<domain::ChatId> chats, domain::UserId user)
    : parts_(std::move(parts)), chats_(std::move(chats)), user_(user) {}

Device::~Device() {
  RUBRICON_ASSERT(!running_);
}

void Device::start() {
  if (running_ || lapsed_) return;
  parts_.loop.note("{} starts", name());
  attempt_ = 0;
  running_ = std::make_unique<Running>(
      *this,
      SocketHooks{
          .connected =
              [this] {
                attempt_ = 0;
                parts_.loop.note("{} is connected", name());
                for (const auto& [id, chat] : running_->chats) chat->level();
              },
          .refused =
              [this](const std::string& code) {
                parts_.loop.note("{} is refused: {}", name(), code);
                if (code == "session_revoked") return lapse();
                connect_later();
              },
          .disconnected = [this] { connect_later(); },
          .event = [this](std::string_view event_name,
                          const boost::json::object& payload) { event(event_name, payload); }});
  for (const auto& [id, chat] : running_->chats) running_->tasks.spawn(chat->run());
  running_->queue.start();
  connect();
}

base::Task<void> Device::stop() {
  if (!running_) co_return;
  parts_.loop.note("{} stops", name());
  running_->socket.drop();
  co_await running_->tasks.stop();
  running_.reset();
}

void Device::break_off() {
  if (running_) running_->socket.break_off();
}

void Device::connect() {
  running_->socket.connect(parts_.token);
}

void Device::connect_later() {
  for (const auto& [id, chat] : running_->chats) chat->disconnected();
  if (lapsed_) return;
  ++attempt_;
  parts_.loop.after(parts_.backoff(attempt_), [this, mine = running_.get(), attempt = attempt_] {
    if (running_.get() == mine && !lapsed_ && attempt == attempt_) connect();
  });
}

void Device::send(domain::ChatId chat, std::string key, std::string content) {
  if (running_ && !lapsed_)
    running_->queue.enqueue(chat.to_string(), std::move(key), std::move(content));
}

void Device::lapse() {
  parts_.loop.note("{} is signed out", name());
  lapsed_ = true;
}

void Device::event(std::string_view name, const boost::json::object& payload) {
  if (name == "server-closing") {
    if (payload.at("code").as_string() == "session_revoked") lapse();
    return;
  }
  if (name == "heads") {
    for (const auto& [id, seq] : payload) {
      const auto chat = running_->chats.find(std::string(id));
      if (chat != running_->chats.end()) chat->second->head_is(seq.as_int64());
    }
    return;
  }
  if (name == "user-event" && payload.at("type").as_string() == "chat-added") {
    const auto& id = payload.at("data").as_object().at("chatId").as_string();
    const auto added = running_->chats.find(std::string(id));
    if (added != running_->chats.end()) added->second->level();
    return;
  }
  const auto* id = payload.if_contains("chatId");
  const auto chat =
      id == nullptr ? running_->chats.end() : running_->chats.find(std::string(id->as_string()));
  if (chat == running_->chats.end()) return;
  if (name == "ai-delta") return chat->second->delta(payload);
  if (payload.contains("seq")) chat->second->receive(name, payload);
}

bool Device::level_with(const memory::Tables& tables) const {
  if (lapsed_) return true;
  if (!running_ || !running_->queue.empty()) return false;
  return std::ranges::all_of(chats_, [&](domain::ChatId chat) {
    if (!tables.members.contains({chat, user_})) return true;
    const auto& head = tables.chats.at(chat).chat;
    const auto place = parts_.storage.places.find(chat.to_string());
    return place != parts_.storage.places.end() && place->second.epoch == head.epoch.value() &&
           place->second.seq == head.last_seq.value();
  });
}

}  // namespace rubricon::sim
