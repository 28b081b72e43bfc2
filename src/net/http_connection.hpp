/// One TCP connection that speaks HTTP, from accept to close or to its upgrade. Internal to net.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/net/http_body.hpp>
#include <rubricon/net/http_parser.hpp>
#include <rubricon/net/server_context.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace rubricon::net {

class HttpConnection final : public ConnectionRegistry::Member,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  /// Serves requests one after the other until the connection ends or becomes a WebSocket. Spawn
  /// it in the server's task group. `socket` is non-blocking.
  static base::Task<void> serve(std::shared_ptr<ServerContext> context, Socket socket,
                                ConnectionRegistry::Place place);

  HttpConnection(std::shared_ptr<ServerContext> context, Socket socket,
                 ConnectionRegistry::Place place);

 private:
  class Exchange;
  enum class Received { data, closed, expired };
  enum class Next { request, close };
  /// The peer has gone, or nothing came before the idle timeout.
  struct Gone {};
  using HeadOutcome = std::variant<Gone, HttpRefusal, ParsedHead>;

  void on_tick(LoopTime now) override;
  void on_draining() override;
  void drop() override;

  base::Task<void> serve_requests();
  base::Task<HeadOutcome> read_head(HttpParserLimits limits);
  base::Task<Next> serve_request(ParsedHead parsed);
  base::Task<Next> serve_upgrade(std::shared_ptr<Exchange> exchange);
  base::Task<HttpResponse> ask_handler(std::shared_ptr<Exchange> exchange);
  base::Task<UpgradeAnswer> ask_upgrade(std::shared_ptr<Exchange> exchange);
  HttpResponse response_to_fault(std::exception_ptr fault);
  void refuse(HttpResponse& response);
  const std::string& trace_id();
  void become_websocket(const std::string& accept_key, WebSocketAccept accept);

  void finish_exchange();
  bool ends_idle() const;  ///< a drain ends it as long as it is idle

  base::Task<std::expected<std::string, BodyError>> read_body(std::size_t limit);
  base::Task<std::expected<std::string, BodyError>> collect_body(std::size_t limit);
  bool may_skip_body() const;
  base::Task<Next> skip_body();

  base::Task<Received> receive();
  base::Task<bool> respond(HttpResponse response, Next next);
  base::Task<bool> write(std::string head, HttpBody body);
  base::Task<void> linger();
  void arm(LoopTime duration) { deadline_ = context_->registry.now() + duration; }
  void disarm() { deadline_.reset(); }

  void watch_peer();
  void stop_watching();
  void peer_readable(std::uint32_t watch);

  std::shared_ptr<ServerContext> context_;
  ConnectionRegistry::Place place_;
  Socket socket_;
  boost::asio::ip::address peer_;
  std::string input_;        ///< received and not yet used
  std::string traceparent_;  ///< as the request sent it; mostly empty
  std::string trace_id_;     ///< of the request, once somebody asked
  std::optional<LoopTime> deadline_;
  std::shared_ptr<Exchange> exchange_;  ///< the request in the handler's hands

  BodyDecoder body_;
  std::uint64_t content_length_ = 0;  ///< 0 when chunked
  int version_minor_ = 1;
  bool expects_continue_ = false;  ///< and has not been told to
  bool head_only_ = false;         ///< the request is HEAD
  bool body_refused_ = false;      ///< the rest of the body will not be read

  bool of_proxy_ = false;    ///< the peer is a trusted proxy
  bool idle_ = false;        ///< waiting for the first byte of a request
  bool expired_ = false;     ///< `deadline_` has passed
  bool dropped_ = false;     ///< aborted, or the server ends now
  bool peer_gone_ = false;   ///< end of file or error while a handler was at work
  std::uint32_t watch_ = 0;  ///< number of the watch that counts; earlier ones are void
  bool watching_ = false;
};

}  // namespace rubricon::net
