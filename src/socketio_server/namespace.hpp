/// A namespace: who may enter it, what its sockets can say, and who hears what.
#pragma once

#include <rubricon/socketio_server/broadcast.hpp>
#include <rubricon/socketio_server/session_store.hpp>
#include <rubricon/socketio_server/socket.hpp>

#include <boost/json/value.hpp>

#include <any>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::socketio_server {

struct ServerState;

/// What a refused client gets as `connect_error`. A null `data` is left out.
struct ConnectError {
  std::string message;
  boost::json::value data;
};

/// A client at the door. Copyable, so that an asynchronous check can keep it; the first `accept` or
/// `refuse` counts. If every copy goes without an answer the client is refused with
/// "internal error". When the client goes away meanwhile, `cancelled()` turns true and answers do
/// nothing.
class Admission {
 public:
  struct Ticket;
  explicit Admission(std::shared_ptr<Ticket> ticket) : ticket_(std::move(ticket)) {}

  const Handshake& handshake() const;
  /// The object the client sent with CONNECT; `{}` if none. Any keys, any values: untrusted.
  const boost::json::value& auth() const;
  const std::string& namespace_name() const;
  bool cancelled() const;

  /// On to the next check, or in. `data`, if it has a value, becomes the socket's data.
  void accept(std::any data = {}) const;
  void refuse(ConnectError error) const;

 private:
  std::shared_ptr<Ticket> ticket_;
};

using Middleware = std::function<void(Admission)>;
using ConnectionHandler = std::function<void(const SocketPtr&)>;
/// An event of any socket of the namespace.
using NamespaceEventHandler = std::function<void(const SocketPtr&, Event&)>;

/// What to do with an incoming event before any handler sees it.
enum class Verdict { deliver, drop, disconnect };
/// `bytes` counts the packet with its attachments.
using Gate = std::function<Verdict(const SocketPtr&, std::string_view event, std::size_t bytes)>;

/// Made by `Server::of`, lives as long as the server. Same executor rules as `Socket`.
class Namespace {
 public:
  explicit Namespace(std::unique_ptr<NamespaceState> state);
  ~Namespace();
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  const std::string& name() const;

  /// Adds a check; they are asked in the order of adding, each after the one before accepted.
  /// Packets that the client sends meanwhile wait, and are never run if it is refused.
  void use(Middleware middleware);
  /// Called when the client's CONNECT has been answered: what it emits arrives after the answer.
  void on_connection(ConnectionHandler handler);
  /// One handler for this event of every socket. Setting one again replaces it.
  void on(std::string_view event, NamespaceEventHandler handler);
  /// Sees events that nobody else handles, `Socket::on_any` included.
  void on_any(NamespaceEventHandler handler);
  /// Called once per socket, before the socket's own handler.
  void on_disconnect(std::function<void(const SocketPtr&, Reason)> handler);
  /// Rate limits and the like.
  void set_gate(Gate gate);
  /// From now on clients get a pid, and `store`, which outlives the server's connections, is asked
  /// when one comes back. Not together with `RecoveryOptions::enabled`.
  void recover_by(SessionStore& store);

  /// Encodes an event once, to be sent to any number of this namespace's sockets. Nothing if the
  /// event would be refused (see `EmitStatus`).
  std::optional<EncodedEvent> prepare(std::string_view name, const Args& args = {}) const;
  /// The same, with arguments that are JSON text already: one value, or several separated by
  /// commas. They are copied as they are, not checked: pass only JSON that was written by a
  /// serialiser.
  std::optional<EncodedEvent> prepare_json(std::string_view name, std::string_view json_args) const;

  Broadcast to(std::string_view room);
  Broadcast except(std::string_view room);
  /// Everybody.
  Broadcast all();
  std::size_t emit(std::string_view name, const Args& args = {});

  /// Null when there is none of that id.
  SocketPtr find(std::string_view socket_id) const;
  std::size_t socket_count() const;
  /// Members of one room; constant time.
  std::size_t room_size(std::string_view room) const;
  std::vector<std::string> rooms() const;

 private:
  friend struct ServerState;
  std::unique_ptr<NamespaceState> state_;
};

}  // namespace rubricon::socketio_server
