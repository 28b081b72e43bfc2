/// One client in one namespace.
#pragma once

#include <rubricon/socketio/args.hpp>
#include <rubricon/socketio/handshake.hpp>
#include <rubricon/socketio/outbound.hpp>
#include <rubricon/socketio/reason.hpp>
#include <rubricon/socketio_server/broadcast.hpp>
#include <rubricon/socketio_server/delivery.hpp>

#include <boost/json/value.hpp>

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::socketio_server {

class Connection;
class Namespace;
class Socket;
struct NamespaceState;
using SocketPtr = std::shared_ptr<Socket>;

using socketio::Arg;
using socketio::Args;
using socketio::Binary;
using socketio::EncodedEvent;
using socketio::Handshake;
using socketio::Reason;

/// The answer to a client's event. Copyable; may be kept and called later, also after the socket
/// has gone (then nothing happens). Only the first call answers.
class Ack {
 public:
  Ack() = default;
  Ack(std::weak_ptr<Socket> socket, std::uint64_t id);

  /// Whether the client asked for an answer. Calling does nothing otherwise.
  bool wanted() const { return call_ != nullptr; }
  void operator()(const Args& args = {}) const;

 private:
  struct Call;
  std::shared_ptr<Call> call_;
};

/// A client's event. `name` is valid during the handler only; `args` are the handler's to take.
struct Event {
  std::string_view name;
  Args args;
  Ack ack;
};

enum class AckFailure {
  timed_out,
  disconnected,
};

using EventHandler = std::function<void(Event&)>;
using AckHandler = std::function<void(std::expected<Args, AckFailure>)>;
using DisconnectHandler = std::function<void(Reason)>;

enum class Close {
  socket,     ///< this namespace only: the client is told, and does not come back by itself
  transport,  ///< the whole connection: every namespace is told, then the transport closes
  silent,     ///< the transport closes with no word: clients reconnect by themselves
};

/// Lives as long as somebody holds it, but is not to be used after its server; after
/// `on_disconnect` every operation is harmless and does nothing. All calls belong to the server's
/// executor. Handlers may call anything, including `disconnect`, and may throw nothing.
class Socket : public std::enable_shared_from_this<Socket> {
 public:
  struct Origin;
  /// Made by the server only.
  explicit Socket(Origin origin);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// 20 characters, random, public; not the transport's session id.
  const std::string& id() const { return id_; }
  const std::string& namespace_name() const;
  bool connected() const { return connection_ != nullptr; }
  /// Whether connection state recovery restored this socket (same id, rooms and data).
  bool recovered() const { return recovered_; }

  /// The first request of the connection; shared by its namespaces.
  const Handshake& handshake() const;
  /// The object the client sent with CONNECT, `{}` if none. Null after `discard_handshake`.
  const boost::json::value& auth() const { return auth_; }
  /// Gives back the memory of `auth()` and, for the whole connection, of `handshake()`, and forgets
  /// the secrets in them; the remote address stays. Namespaces that the client joins later see as
  /// little.
  void discard_handshake();

  /// The application's own state. What the admission passed to `accept` is here from the start.
  void set_data(std::any data) { data_ = std::move(data); }
  template <typename T>
  T* data() {
    return std::any_cast<T>(&data_);
  }

  /// Handlers of this socket. An event goes to one handler: the namespace's for that name, else the
  /// socket's for that name, else the socket's `on_any`, else the namespace's. Setting one again
  /// replaces it. With many sockets prefer `Namespace::on`, which costs no memory per socket.
  void on(std::string_view event, EventHandler handler);
  void on_any(EventHandler handler);
  /// Called once. The socket can send nothing any more, but `rooms()` still names its rooms; they
  /// are left right after.
  void on_disconnect(DisconnectHandler handler);

  EmitStatus emit(std::string_view name, const Args& args = {},
                  Delivery delivery = Delivery::reliable);
  /// An event prepared by this namespace's `prepare`: no encoding, no copy.
  EmitStatus emit(const EncodedEvent& event, Delivery delivery = Delivery::reliable);
  /// Asks the client to answer. `handler` is called exactly once if the status is `queued`.
  EmitStatus emit_with_ack(std::string_view name, const Args& args,
                           std::chrono::milliseconds timeout, AckHandler handler);

  /// False when the socket has gone or is in `rooms_per_socket_max` rooms already.
  bool join(std::string_view room);
  void leave(std::string_view room);
  /// Without the room named by the socket's own id.
  std::vector<std::string> rooms() const;
  bool in_room(std::string_view room) const;

  /// Everybody in `room`, without this socket.
  Broadcast to(std::string_view room);
  /// Everybody in the namespace, without this socket.
  Broadcast broadcast();

  /// Bytes on their way to this client, over all its namespaces, not yet taken by the kernel.
  std::size_t queued_bytes() const;
  /// Nothing is sent or received after this; `on_disconnect` follows in the same step of the loop.
  void disconnect(Close close = Close::socket);

 private:
  friend class Connection;
  friend class Broadcast;
  friend struct NamespaceState;
  struct Handlers;

  /// For that name, else for any; null when there is none.
  std::shared_ptr<const EventHandler> handler_of(std::string_view event) const;
  Handlers& handlers();
  /// Sends an event that carries `ack_id`.
  EmitStatus send_asking(const EncodedEvent& event, std::uint64_t ack_id, Delivery delivery,
                         std::chrono::milliseconds timeout, AckHandler handler);
  void answer(std::uint64_t ack_id, const Args& args);
  /// The end: tells the handler, fails what was owed.
  void finish(Reason reason);
  friend class Ack;

  NamespaceState* nsp_;
  Connection* connection_ = nullptr;  ///< null once disconnected
  std::uint32_t stay_ = 0;            ///< in the connection
  std::uint32_t member_ = 0;          ///< in the namespace
  std::string id_;
  std::shared_ptr<const Handshake> handshake_;
  boost::json::value auth_;
  std::any data_;
  std::unique_ptr<Handlers> handlers_;
  bool recovered_ = false;
};

}  // namespace rubricon::socketio_server
