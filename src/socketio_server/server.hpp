/// A Socket.IO server (protocol 5 over Engine.IO 4) that lives beside other handlers of one HTTP
/// server.
///
///     Server io(executor, environment, {});
///     auto& chat = io.of("/");
///     chat.on("hello", [](const SocketPtr& socket, Event& event) { event.ack({"hi"}); });
///     // and in the HTTP server's handler: paths that begin with "/socket.io/" go to io.http()
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/socketio_server/counters.hpp>
#include <rubricon/socketio_server/engine_server.hpp>
#include <rubricon/socketio_server/namespace.hpp>
#include <rubricon/socketio_server/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace rubricon::socketio_server {

struct ServerState;

enum class SlowVerdict {
  close,  ///< end the connection with `slow_consumer`
  keep,   ///< let the queue grow this once; asked again at the next packet
};

/// `executor` must run on one thread; all calls come from it and all handlers run on it. No locks,
/// no threads. The HTTP server that it is mounted in is drained before this is destroyed.
class Server {
 public:
  Server(boost::asio::any_io_executor executor, Environment environment, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The namespace of that name, made at the first call. `name` begins with "/". Clients are
  /// refused ("Invalid namespace") at names nobody asked for.
  Namespace& of(std::string_view name);

  /// Answers the requests of the server's path, upgrades included.
  net::HttpHandler& http();

  /// Called when a reliable packet would take a client's queue over `queue_bytes_max`, with one of
  /// the client's sockets. Without a policy the connection is closed.
  using SlowPolicy = std::function<SlowVerdict(Socket&, std::size_t queued_bytes)>;
  void on_slow_consumer(SlowPolicy policy);

  /// Refuses new connections (503) and ends the existing ones, without a DISCONNECT, so that
  /// clients reconnect by themselves (elsewhere, or here when it is back). Completes when all have
  /// gone.
  base::Task<void> close_all(CloseAll how);

  const Counters& counters() const;

 private:
  std::unique_ptr<ServerState> state_;
};

}  // namespace rubricon::socketio_server
