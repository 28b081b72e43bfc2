/// HTTP/1.1 on one shard: reads requests, hands each to a handler, writes what it returns, and
/// turns upgrades into WebSocket connections. Refuses what is malformed or too much before any
/// handler sees it.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/net/http_types.hpp>
#include <rubricon/net/websocket.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace rubricon::observability {
class Log;
class Metrics;
}  // namespace rubricon::observability

namespace rubricon::net {

/// One request in the hands of a handler. The handler may keep it beyond its answer; then the
/// functions below do nothing. Everything runs on the server's executor.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  virtual const HttpHead& head() const = 0;

  /// The whole body, chunked or not. A Content-Length over `limit` is refused before a byte is
  /// read, otherwise bytes are counted as they come. Sends `100 Continue` first where the client
  /// waits for it. Call it once; a body that nobody reads is skipped, or the connection closed when
  /// it is long.
  virtual base::Task<std::expected<std::string, BodyError>> read_body(std::size_t limit) = 0;

  /// Calls `callback` once if the peer closes or resets the TCP connection before the response is
  /// returned, or has done so already. It runs in a step of its own, never during another call of
  /// this exchange, and is dropped when the response is returned. A handler that goes on may still
  /// return a response: a peer that only shut down its sending side gets it. A peer that sends
  /// 16 KiB and more of further requests ahead is no longer watched.
  virtual void on_disconnect(std::function<void()> callback) = 0;

  /// Drops the TCP connection now: a `read_body` in progress ends with `disconnected`, a response
  /// is not sent. Does not call `on_disconnect`.
  virtual void abort() = 0;
};

/// Accepts an upgrade: the server writes the 101 with `headers` added (CORS, subprotocol).
struct WebSocketAccept {
  /// Called once with the open connection, after the 101 is queued; must call `start` on it. Frames
  /// sent from here travel in the same TCP segment as the 101. Not called when the peer has gone.
  std::function<void(std::shared_ptr<WebSocketConnection>)> opened;
  WebSocketOptions options;
  HttpHeaders headers;
};

/// A refusal is written with `Connection: close` and ends the TCP connection.
using UpgradeAnswer = std::variant<HttpResponse, WebSocketAccept>;

/// The application. Its coroutines run in the server's task group: `drain` ends them, by
/// cancellation when the deadline has passed. What they throw becomes 503 (`base::Unavailable`) or
/// 500 (anything else, logged).
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  /// HEAD arrives as it is; answer as for GET, the server leaves the body away.
  virtual base::Task<HttpResponse> handle(std::shared_ptr<HttpExchange> exchange) = 0;

  /// A valid RFC 6455 upgrade request (GET, version 13, key, tokens); invalid ones are answered 400
  /// or 426 before. Refuses with 404 unless overridden.
  virtual base::Task<UpgradeAnswer> upgrade(std::shared_ptr<HttpExchange> exchange);
};

struct HttpLimits {
  std::size_t head_bytes = 16 * 1024;              ///< request line and fields together: 431
  std::size_t target_bytes = 8 * 1024;             ///< 414
  std::size_t header_count = 100;                  ///< 431
  std::size_t unread_body_bytes = 64 * 1024;       ///< skipped to keep a connection; longer: close
  std::size_t connections = 20'000;                ///< beyond: accepted and closed at once
  std::size_t connections_per_address = 200;       ///< not applied to trusted proxies
  std::chrono::milliseconds head_timeout{10'000};  ///< from the first byte to the whole head: 408
  std::chrono::milliseconds idle_timeout{75'000};  ///< between requests; also before the first
  /// As `idle_timeout`, for trusted proxies from the begin of a drain: longer than they keep idle
  /// connections, so that it is they who end them.
  std::chrono::milliseconds proxy_idle_timeout{5'000};
  std::chrono::milliseconds body_timeout{10'000};   ///< start of the body's allowance: 408
  std::size_t body_bytes_per_second = 2'048;        ///< each byte received extends the allowance
  std::chrono::milliseconds write_timeout{30'000};  ///< without progress of a response
  std::chrono::milliseconds linger_timeout{2'000};  ///< after a refusal, for its way to the peer
};

struct HttpServerOptions {
  HttpLimits limits;
  /// Peers whose X-Forwarded-For and X-Forwarded-Proto are believed: "127.0.0.1", "10.0.0.0/8",
  /// "::1", "fd00::/8". An unreadable entry throws std::invalid_argument from the constructor.
  std::vector<std::string> trusted_proxies;
  /// How often timeouts are looked at: they are late by at most this.
  std::chrono::milliseconds tick{250};
  /// Wall clock for the Date field; without it the field is left away.
  std::function<base::Time()> now;
  /// Fields of every answer, refusals and the 101 of an upgrade included, where the answer has none
  /// of that name: see security_headers.hpp.
  HttpHeaders every_answer;
  /// Makes the trace ids of refused requests that bring none; without it they count from 1.
  std::function<void(std::span<std::uint8_t>)> random;
};

class HttpServer {
 public:
  /// `executor` must run on one thread, and every call below come from it. Handler, log and metrics
  /// outlive the server.
  HttpServer(boost::asio::any_io_executor executor, HttpServerOptions options, HttpHandler& handler,
             observability::Log& log, observability::Metrics& metrics);
  /// `drain` first, unless `listen` was never called.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens on a numeric address; port 0 lets the system choose. Returns the port. May be called
  /// for several addresses. Throws base::Unavailable when the address cannot be bound.
  std::uint16_t listen(const std::string& address, std::uint16_t port);

  /// Accepts who had come, and then closes the listening sockets. Each response from now on says
  /// `Connection: close`; idle connections are closed, those of trusted proxies only after
  /// `proxy_idle_timeout`: a proxy may be sending a request of somebody's at this moment. Waits
  /// until every connection, WebSockets included, has ended; at the deadline the rest are dropped
  /// and their handlers cancelled. Telling WebSocket clients to come back is the application's
  /// part. Nothing runs afterwards.
  base::Task<void> drain(base::Deadline deadline);

  /// Open TCP connections, WebSockets included.
  std::size_t connections() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace rubricon::net
