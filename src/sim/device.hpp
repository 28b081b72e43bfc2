/// One browser of one user: a socket that comes back, a send queue, and the chats it follows. Can
/// die at any moment and start again from its storage.
#pragma once

#include <rubricon/memory/tables.hpp>
#include <rubricon/sim/chat_sync.hpp>
#include <rubricon/sim/device_parts.hpp>
#include <rubricon/sim/send_queue.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace rubricon::sim {

class Device {
 public:
  Device(DeviceParts parts, std::vector<domain::ChatId> chats, domain::UserId user);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const std::string& name() const { return parts_.name; }
  Link& link() { return parts_.link; }
  const std::vector<domain::ChatId>& chats() const { return chats_; }
  domain::UserId user() const { return user_; }

  /// Whoever is signed out, or told to stay away, does not start.
  void start();
  void stay_away() { lapsed_ = true; }
  /// The browser is closed, or dies: what is in the storage stays.
  base::Task<void> stop();
  /// The network breaks its connection.
  void break_off();
  void send(domain::ChatId chat, std::string key, std::string content);
  base::Task<Answer> ask(Request request) { return parts_.ask(std::move(request)); }

  /// Whether it has all that its user may see, and has sent all it had.
  bool level_with(const memory::Tables& tables) const;

 private:
  struct Running;

  void connect();
  void connect_later();
  void event(std::string_view name, const boost::json::object& payload);
  void lapse();

  DeviceParts parts_;
  std::vector<domain::ChatId> chats_;
  domain::UserId user_;
  bool lapsed_ = false;
  int attempt_ = 0;
  std::unique_ptr<Running> running_;
};

}  // namespace rubricon::sim
