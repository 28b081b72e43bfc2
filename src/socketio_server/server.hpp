/// A Socket.IO server (protocol 5 over Engine.IO 4) that lives beside other handlers of one HTTP
/// server.
///
///     Server io(executor, environment, {});
///     auto& chat = io.of("/");
///     chat.on("hello", [](const SocketPtr& socket, Event& event) { event.ack({"hi"}); });
///     http.mount("/socket.io/", io.handler());
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/socketio_server/namespace.hpp>
#include <rubricon/socketio_server/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace rubricon::socketio_server {

/// Totals since the start, except where "now" is said.
struct Counters {
  std::size_t polling_now = 0;
  std::size_t websocket_now = 0;
  std::size_t sockets_now = 0;
  std::uint64_t connections_total = 0;
  std::uint64_t upgrades_total = 0;
  std::uint64_t handshakes_refused_total = 0;
  std::uint64_t admissions_refused_total = 0;
  std::uint64_t packets_in_total = 0;
  std::uint64_t packets_out_total = 0;
  std::uint64_t bytes_in_total = 0;
  std::uint64_t bytes_out_total = 0;
  std::uint64_t shed_total = 0;
  /// Connections that ended, by `Reason`.
  std::array<std::uint64_t, socketio::reason_count> closes_total{};
};

enum class SlowVerdict {
  close,  ///< end the connection with `slow_consumer`
  keep,   ///< let the queue grow this once; asked again at the next packet
};

/// How `close_all` spreads its work.
struct CloseAll {
  /// Connections end evenly over this time, so that they do not all come back at once.
  std::chrono::milliseconds over{0};
  Reason reason = Reason::server_shutting_down;
};

/// `executor` must run on one thread; all calls come from it and all handlers run on it. No locks,
/// no threads. Destroy it only after `stop()` has completed.
class Server {
 public:
  Server(boost::asio::any_io_executor executor, Environment environment, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The namespace of that name, made at the first call. `name` begins with "/". Clients are
  /// refused ("Invalid namespace") at names nobody asked for.
  Namespace& of(std::string_view name);

  /// Called when a reliable packet would take a client's queue over `queue_bytes_max`.
  void on_slow_consumer(std::function<SlowVerdict(Socket&, std::size_t queued_bytes)> policy);

  /// Refuses new connections (503) and ends the existing ones, silently, so that clients reconnect
  /// by themselves. Completes when the last has gone.
  base::Task<void> close_all(CloseAll how);
  /// `close_all` at once, then waits for everything the server has started. Idempotent.
  base::Task<void> stop();

  const Counters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rubricon::socketio_server
