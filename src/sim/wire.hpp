/// One WebSocket between a device and a gateway: texts in order, each after the link's latency;
/// a cut link swallows them without a word.
#pragma once

#include <rubricon/net/websocket.hpp>
#include <rubricon/sim/dice.hpp>
#include <rubricon/sim/link.hpp>
#include <rubricon/sim/loop.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace rubricon::sim {

/// The server's end is a `net::WebSocketConnection`; the client's end are the functions named so.
class Wire final : public net::WebSocketConnection, public std::enable_shared_from_this<Wire> {
 public:
  Wire(Loop& loop, Dice& dice, const Link& link) : loop_(loop), dice_(dice), link_(link) {}

  void start(std::shared_ptr<net::WebSocketListener> listener) override;
  bool send(net::SharedFrame frame) override;
  std::size_t queued_bytes() const override { return 0; }
  void close(std::uint16_t code, std::string_view reason) override;
  void abort() override;
  bool is_open() const override { return open_; }

  /// What the client hears; set before anything is sent.
  std::function<void(std::string_view)> on_client_text;
  std::function<void()> on_client_closed;
  void client_send(std::string text);
  void client_close();

  /// The connection breaks in the middle: both ends are told, unless the link is cut.
  void break_off();
  /// The server's process is gone, and its kernel says so.
  void server_died();

 private:
  void carry(At& last_due, std::function<void(Wire&)> what);
  void tell_client_closed();
  void tell_server_closed(net::WebSocketClosed::Cause cause);

  Loop& loop_;
  Dice& dice_;
  const Link& link_;
  std::shared_ptr<net::WebSocketListener> listener_;
  At to_client_due_{};
  At to_server_due_{};
  bool open_ = true;         ///< for the server
  bool client_open_ = true;  ///< for the client
  bool swallowed_ = false;   ///< something was lost on a cut link: nothing after it arrives
};

}  // namespace rubricon::sim
