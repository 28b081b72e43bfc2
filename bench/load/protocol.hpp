/// How a subscriber gets into the room, and what it hears there.
#pragma once

#include "websocket_client.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

enum class Protocol {
  raw,       ///< whoever connects is in the room; messages are {"n":1,…}
  node,      ///< Socket.IO; CONNECT, then the event `join`
  rubricon,  ///< Socket.IO; CONNECT with the token, then the event `join-chat`
};

/// So many sockets are one person's.
inline constexpr std::size_t sockets_a_user = 20;

struct Membership {
  Protocol protocol = Protocol::raw;
  std::string token;
  std::string chat;
  std::int64_t after = 0;  ///< position in the chat
};

/// The number after `key`; -1 where there is none.
std::int64_t number_after(std::string_view text, std::string_view key);

/// Joins by itself, and answers heartbeats.
class Subscriber : public WebSocketClient {
 public:
  Subscriber(const Loop& loop, Route route, Membership membership);

  bool joined() const { return joined_; }

 protected:
  /// In the room: everything from now on is heard.
  virtual void entered() {}
  /// A message of the room and its number.
  virtual void heard_message(std::int64_t number) = 0;
  /// Any other event: the packet.
  virtual void heard_event(std::string_view /*packet*/) {}

 private:
  void opened() override;
  void heard(std::string_view text) override;
  void heard_packet(std::string_view text);
  void enter();

  Membership membership_;
  bool joined_ = false;
};

}  // namespace bench
