/// An Engine.IO 4 server: sessions over polling and WebSocket, beside other handlers of one HTTP
/// server. Socket.IO is one application of it (`Server`); an echo is another:
///
///     EngineServer engine(executor, environment, {}, [](const auto& socket) {
///       return std::make_shared<Echo>(socket);
///     });
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/socketio/engine_request.hpp>
#include <rubricon/socketio/handshake.hpp>
#include <rubricon/socketio_server/counters.hpp>
#include <rubricon/socketio_server/engine_socket.hpp>
#include <rubricon/socketio_server/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace rubricon::socketio_server {

/// How `close_all` spreads its work.
struct CloseAll {
  /// Connections end evenly over this time, so that they do not all come back at once.
  std::chrono::milliseconds over{0};
  socketio::Reason reason = socketio::Reason::server_shutting_down;
  /// After the last was told: how long clients may take to fetch what is left for them.
  std::chrono::milliseconds grace{1'000};
};

/// Makes the application of a new session; null refuses it by closing. The open packet has been
/// sent. The socket may be kept, weakly if the listener keeps it: it owns its listener.
using EngineAcceptor = std::function<std::shared_ptr<EngineListener>(
    const std::shared_ptr<EngineSocket>&, std::shared_ptr<const socketio::Handshake>)>;

/// All calls on one executor, that of the HTTP server. Outlives the HTTP server's last handler:
/// drain that first, then destroy this.
class EngineServer final : public net::HttpHandler {
 public:
  /// Throws std::invalid_argument for a bad `sid_prefix`.
  EngineServer(boost::asio::any_io_executor executor, Environment environment,
               EngineOptions options, EngineAcceptor acceptor);
  ~EngineServer() override;
  EngineServer(const EngineServer&) = delete;
  EngineServer& operator=(const EngineServer&) = delete;

  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override;
  base::Task<net::UpgradeAnswer> upgrade(std::shared_ptr<net::HttpExchange> exchange) override;

  /// Refuses new sessions with 503 from now on and ends the existing ones as `how` says. When it
  /// completes none is left, and no timer runs.
  base::Task<void> close_all(CloseAll how);
  /// Ends the timers, so that the loop can run out of work, whatever is still open.
  void stop();

  const Counters& counters() const;
  Counters& mutable_counters();
  base::Instant now() const;
  /// Fresh random id for sockets and the like; never equal to a session's.
  std::string new_id() const;

 private:
  struct Request;

  /// The application's reason to refuse a new session.
  std::optional<SessionRefusal> why_not(const socketio::Handshake& handshake);
  base::Task<net::HttpResponse> open_polling(std::shared_ptr<net::HttpExchange> exchange,
                                             bool base64_only);
  base::Task<net::HttpResponse> poll(std::shared_ptr<EngineSocket> socket,
                                     std::shared_ptr<net::HttpExchange> exchange);
  base::Task<net::HttpResponse> post(std::shared_ptr<EngineSocket> socket,
                                     std::shared_ptr<net::HttpExchange> exchange);
  void opened(std::shared_ptr<net::WebSocketConnection> websocket,
              std::shared_ptr<const socketio::Handshake> handshake, bool base64_only);
  /// The session that a request names, if its time is not over.
  std::shared_ptr<EngineSocket> find(const socketio::Query& query) const;
  /// A new session, known by its sid from now on.
  std::shared_ptr<EngineSocket> make_session(const std::string& address,
                                             socketio::EngineTransport transport, bool base64_only);
  void accept(const std::shared_ptr<EngineSocket>& socket,
              std::shared_ptr<const socketio::Handshake> handshake);

  boost::asio::any_io_executor executor_;
  std::shared_ptr<EngineState> state_;
  EngineAcceptor acceptor_;
};

}  // namespace rubricon::socketio_server
