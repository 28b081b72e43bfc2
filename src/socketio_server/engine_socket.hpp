/// One Engine.IO session on its transports: performs what `socketio::EngineSession` asks for.
#pragma once

#include <rubricon/net/deferred.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/net/websocket.hpp>
#include <rubricon/socketio/engine_session.hpp>
#include <rubricon/socketio/handshake.hpp>
#include <rubricon/socketio/outbound.hpp>
#include <rubricon/socketio/reason.hpp>
#include <rubricon/socketio_server/action_loop.hpp>
#include <rubricon/socketio_server/delivery.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rubricon::socketio_server {

struct EngineState;

/// The application of a session: an echo, or Socket.IO. Called on the server's executor, never
/// inside a call that it made itself.
class EngineListener {
 public:
  virtual ~EngineListener() = default;

  /// Valid UTF-8; the view lives for the call.
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(std::string bytes) = 0;
  /// The last call.
  virtual void on_closed(socketio::Reason reason) = 0;

  /// When `on_time` has work; asked again after every call.
  virtual base::Instant deadline() const { return base::Instant::max(); }
  virtual void on_time(base::Instant /*now*/) {}
  /// A reliable packet would take the queue over its limit. True keeps the session this once.
  /// Called inside `send`.
  virtual bool keep_slow(std::size_t /*queued_bytes*/) { return false; }
};

/// All calls on the server's executor.
class EngineSocket : public std::enable_shared_from_this<EngineSocket> {
 public:
  /// Made by `EngineServer` only.
  EngineSocket(std::shared_ptr<EngineState> state, std::string sid, std::string remote_address,
               socketio::EngineTransport transport, bool base64_only);
  ~EngineSocket();
  EngineSocket(const EngineSocket&) = delete;
  EngineSocket& operator=(const EngineSocket&) = delete;

  bool open() const { return session_.open(); }
  socketio::EngineTransport transport() const { return session_.transport(); }
  const std::string& remote_address() const { return remote_address_; }
  /// Bytes on their way to the client that the kernel has not taken.
  std::size_t queued_bytes() const;

  /// Sends one message, or several that belong together (an event with attachments): all or none.
  EmitStatus send(std::span<const socketio::OutboundPacket> packets, Delivery delivery);
  EmitStatus send_text(std::string_view message);
  EmitStatus send_binary(std::string_view bytes);
  /// What is sent to a WebSocket from now on waits that long, in order.
  void hold(std::chrono::milliseconds duration);
  /// What was sent before still goes out. `on_closed` follows within this step of the loop.
  void close(socketio::Reason reason);
  /// The listener's deadline has changed outside a call to it.
  void reschedule() {
    if (!loop_.running()) schedule();
  }
  /// Forgets a session that is closing but whose client does not come for the rest.
  void drop();

  /// The server is no more: lets go of everything without telling the listener.
  void abandon();

  /// The rest is between `EngineServer` and the session.
  /// \{
  void start(std::shared_ptr<net::WebSocketConnection> websocket);
  void set_listener(std::shared_ptr<EngineListener> listener);
  /// False: answer 400. Otherwise the body of the answer will be set.
  bool poll(const net::Deferred<std::string>& answer);
  void poll_lost(std::uint32_t number);
  std::uint32_t poll_number() const { return poll_number_; }
  bool post_begin(std::shared_ptr<net::HttpExchange> exchange);
  void post_end(std::string_view body);
  void post_too_large();
  void post_failed(socketio::Reason reason);
  bool can_attach() const { return session_.can_attach(); }
  void attach(std::shared_ptr<net::WebSocketConnection> candidate);
  void websocket_text(const net::WebSocketConnection* from, std::string_view text);
  void websocket_binary(const net::WebSocketConnection* from, std::string_view bytes);
  void websocket_closed(const net::WebSocketConnection* from, net::WebSocketClosed how);
  /// Does what is due, though its timer has not fired yet: no request is to find a session whose
  /// time is over.
  void catch_up();
  /// A deadline that was scheduled for `at` has come.
  void on_deadline(base::Instant at, base::Instant now);
  /// \}

 private:
  template <typename Input>
  void step(Input input);
  void perform(socketio::EngineAction& action);
  void answer_poll(const socketio::AnswerPoll& answer);
  void send_frame(const socketio::SendFrame& send);
  bool write(net::WebSocketConnection& websocket, const socketio::OutboundPacket& packet);
  void close_websocket(const socketio::CloseWebSocket& close);
  void promote();
  void closed(socketio::Reason reason);
  void gone();
  void schedule();
  bool has_room(std::size_t bytes, Delivery delivery);
  std::optional<socketio::Link> link_of(const net::WebSocketConnection* websocket) const;

  std::shared_ptr<EngineState> state_;
  std::string sid_;
  std::string remote_address_;
  socketio::EngineSession session_;
  std::shared_ptr<EngineListener> listener_;
  std::shared_ptr<net::WebSocketConnection> websocket_;
  std::shared_ptr<net::WebSocketConnection> candidate_;
  std::optional<net::Deferred<std::string>> poll_;
  std::shared_ptr<net::HttpExchange> post_;
  ActionLoop<socketio::EngineActions> loop_;
  base::Instant scheduled_ = base::Instant::max();
  std::uint32_t poll_number_ = 0;
};

/// What `net` tells about one WebSocket of a session, which it keeps alive.
class EngineLink final : public net::WebSocketListener {
 public:
  EngineLink(std::shared_ptr<EngineSocket> socket, const net::WebSocketConnection* websocket)
      : socket_(std::move(socket)), websocket_(websocket) {}

  void on_text(std::string_view payload) override { socket_->websocket_text(websocket_, payload); }
  void on_binary(std::string_view payload) override {
    socket_->websocket_binary(websocket_, payload);
  }
  void on_closed(net::WebSocketClosed how) override { socket_->websocket_closed(websocket_, how); }

 private:
  std::shared_ptr<EngineSocket> socket_;
  const net::WebSocketConnection* websocket_;  ///< compared, never used
};

}  // namespace rubricon::socketio_server
