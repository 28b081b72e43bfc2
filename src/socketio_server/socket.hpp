/// One client in one namespace.
#pragma once

#include <rubricon/socketio/args.hpp>
#include <rubricon/socketio/handshake.hpp>
#include <rubricon/socketio/outbound.hpp>
#include <rubricon/socketio/reason.hpp>
#include <rubricon/socketio_server/broadcast.hpp>

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

/// What became of something that was to be sent. Only `queued` means that it will be written,
/// unless the connection ends before.
enum class EmitStatus {
  queued,
  shed,     ///< volatile or ephemeral, and the client is not keeping up
  closed,   ///< the socket has disconnected
  refused,  ///< a reserved name, more than 10 attachments, a placeholder without its bytes, too
            ///< many acknowledgements owed: nothing was sent
};

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

/// Lives as long as somebody holds it; after `on_disconnect` every operation is harmless and does
/// nothing. All calls belong to the server's executor. Handlers may call anything, including
/// `disconnect`, and may throw nothing.
class Socket : public std::enable_shared_from_this<Socket> {
 public:
  /// Made by the server only.
  Socket(NamespaceState& nsp, std::weak_ptr<Connection> connection, std::string id,
         std::shared_ptr<const Handshake> handshake, boost::json::value auth, std::any data);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// 20 characters, random, public; not the transport's session id.
  const std::string& id() const { return id_; }
  const std::string& namespace_name() const;
  bool connected() const { return connected_; }
  /// Whether connection state recovery restored this socket (same id, rooms and data).
  bool recovered() const { return recovered_; }

  /// The first request of the connection; shared by its namespaces. Empty after
  /// `discard_handshake`.
  const Handshake& handshake() const;
  /// The object the client sent with CONNECT, `{}` if none. Null after `discard_handshake`.
  const boost::json::value& auth() const { return auth_; }
  /// Gives back the memory of `handshake()` and `auth()`, and forgets the secrets in them.
  void discard_handshake();

  /// The application's own state. What the admission passed to `accept` is here from the start.
  void set_data(std::any data) { data_ = std::move(data); }
  template <typename T>
  T* data() {
    return std::any_cast<T>(&data_);
  }

  /// Handlers of this socket, asked after the namespace's own. Setting one again replaces it.
  /// For servers with many sockets `Namespace::on` costs no memory per socket.
  void on(std::string_view event, EventHandler handler);
  /// Sees events that have no handler of their own.
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
  /// `on_disconnect` runs before this returns.
  void disconnect(Close close = Close::socket);

 private:
  friend class Connection;
  friend class Broadcast;
  friend struct NamespaceState;
  struct Handlers;

  NamespaceState* nsp_;
  std::weak_ptr<Connection> connection_;
  std::string id_;
  std::shared_ptr<const Handshake> handshake_;
  boost::json::value auth_;
  std::any data_;
  std::unique_ptr<Handlers> handlers_;
  bool connected_ = false;
  bool recovered_ = false;
};

}  // namespace rubricon::socketio_server
