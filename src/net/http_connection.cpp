#include <rubricon/net/http_connection.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/net/http_writer.hpp>
#include <rubricon/net/tcp_websocket.hpp>
#include <rubricon/net/websocket_handshake.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>

namespace rubricon::net {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t pipelined_bytes_max = 16 * 1024;
constexpr std::size_t linger_bytes_max = 1024 * 1024;
constexpr std::size_t kept_capacity_max = 4 * 1024;

HttpParserLimits parser_limits(const HttpLimits& limits) {
  return {.head_bytes = limits.head_bytes,
          .target_bytes = limits.target_bytes,
          .header_count = limits.header_count};
}

}  // namespace

/// What the handler holds. Detached from the connection when its response has been returned.
class HttpConnection::Exchange final : public HttpExchange {
 public:
  Exchange(HttpConnection& connection, HttpHead head)
      : connection_(&connection), head_(std::move(head)) {}

  const HttpHead& head() const override { return head_; }

  base::Task<std::expected<std::string, BodyError>> read_body(std::size_t limit) override {
    if (connection_ == nullptr) co_return std::unexpected(BodyError::disconnected);
    co_return co_await connection_->read_body(limit);
  }

  void on_disconnect(std::function<void()> callback) override {
    if (connection_ == nullptr) return;
    on_disconnect_ = std::move(callback);
    connection_->watch_peer();
  }

  void abort() override {
    if (connection_ == nullptr) return;
    on_disconnect_ = nullptr;
    connection_->drop();
  }

  bool wants_to_know() const { return on_disconnect_ != nullptr; }
  void tell_disconnected() {
    if (auto callback = std::exchange(on_disconnect_, nullptr)) callback();
  }
  void finish() {
    connection_ = nullptr;
    on_disconnect_ = nullptr;
  }

 private:
  HttpConnection* connection_;
  HttpHead head_;
  std::function<void()> on_disconnect_;
};

base::Task<void> HttpConnection::serve(std::shared_ptr<ServerContext> context, Socket socket,
                                       ConnectionRegistry::Place place) {
  // Shared, because the callback of a watch may still be in the loop's queue when this frame ends.
  const auto connection =
      std::make_shared<HttpConnection>(std::move(context), std::move(socket), std::move(place));
  co_await connection->serve_requests();
}

HttpConnection::HttpConnection(std::shared_ptr<ServerContext> context, Socket socket,
                               ConnectionRegistry::Place place)
    : context_(std::move(context)), place_(std::move(place)), socket_(std::move(socket)) {
  place_.occupy(*this);
  error_code ignored;
  peer_ = socket_.remote_endpoint(ignored).address();
  of_proxy_ = context_->proxies.trusts(peer_);
}

void HttpConnection::on_tick(LoopTime now) {
  if (!deadline_ || now < *deadline_) return;
  disarm();
  expired_ = true;
  if (!idle_) context_->metrics.timed_out.add();
  socket_.cancel();
}

void HttpConnection::on_draining() {
  if (!idle_) return;
  if (!of_proxy_) return socket_.cancel();
  const auto soon = context_->registry.now() + context_->options.limits.proxy_idle_timeout;
  deadline_ = std::min(deadline_.value_or(soon), soon);
}

bool HttpConnection::ends_idle() const {
  return idle_ && context_->draining && !of_proxy_;
}

void HttpConnection::drop() {
  dropped_ = true;
  error_code ignored;
  socket_.close(ignored);
}

base::Task<void> HttpConnection::serve_requests() {
  const auto limits = parser_limits(context_->options.limits);
  for (;;) {
    trace_id_.clear();
    traceparent_.clear();
    HeadOutcome outcome = co_await read_head(limits);
    if (std::holds_alternative<Gone>(outcome)) co_return;
    if (const auto* refusal = std::get_if<HttpRefusal>(&outcome)) {
      context_->metrics.malformed.add();
      head_only_ = false;
      if (co_await respond(problem_response(refusal->status, refusal->code), Next::close)) {
        co_await linger();
      }
      co_return;
    }
    const Next next = co_await serve_request(std::get<ParsedHead>(std::move(outcome)));
    if (next == Next::close) co_return;
    if (input_.empty() && input_.capacity() > kept_capacity_max) std::string().swap(input_);
  }
}

base::Task<HttpConnection::HeadOutcome> HttpConnection::read_head(HttpParserLimits limits) {
  const auto& times = context_->options.limits;
  std::size_t scanned = 0;
  idle_ = true;
  arm(context_->draining ? times.proxy_idle_timeout : times.idle_timeout);
  for (;;) {
    // RFC 9112 §2.2: clients of old send an empty line after a body.
    if (idle_ && input_.starts_with("\r\n")) input_.erase(0, 2);
    if (!input_.empty() && input_ != "\r") {
      if (std::exchange(idle_, false)) arm(times.head_timeout);
      const auto size = find_head_end(input_, scanned, limits);
      if (!size) co_return size.error();
      if (*size > 0) {
        disarm();
        auto parsed = parse_head(std::string_view(input_).substr(0, *size), limits);
        input_.erase(0, *size);
        if (!parsed) co_return parsed.error();
        co_return *std::move(parsed);
      }
    }
    if (ends_idle()) co_return Gone{};
    switch (co_await receive()) {
      case Received::data: break;
      case Received::closed: co_return Gone{};
      case Received::expired:
        if (idle_) co_return Gone{};
        co_return HttpRefusal{.status = 408, .code = "request_timeout"};
    }
  }
}

base::Task<HttpConnection::Next> HttpConnection::serve_request(ParsedHead parsed) {
  body_ = BodyDecoder(parsed.framing, parsed.content_length);
  body_refused_ = false;
  head_only_ = parsed.head.method == "HEAD";
  version_minor_ = parsed.head.version_minor;
  expects_continue_ = parsed.expects_continue;
  content_length_ = parsed.content_length;
  const bool keep_alive = parsed.head.keep_alive;
  traceparent_ = parsed.head.header("traceparent").value_or("");

  const auto client = context_->proxies.client(peer_, parsed.head.headers);
  parsed.head.remote_address = client.address;
  parsed.head.secure = client.secure;
  const auto exchange = std::make_shared<Exchange>(*this, std::move(parsed.head));
  exchange_ = exchange;
  if (is_websocket_upgrade(exchange->head())) co_return co_await serve_upgrade(exchange);

  HttpResponse response = co_await ask_handler(exchange);
  finish_exchange();
  if (dropped_) co_return Next::close;

  const bool keep = keep_alive && !response.close && !context_->draining && !peer_gone_;
  const Next next = keep && may_skip_body() ? Next::request : Next::close;
  if (!co_await respond(std::move(response), next)) co_return Next::close;
  if (next == Next::request) co_return co_await skip_body();
  if (!body_.done() || !input_.empty()) co_await linger();
  co_return Next::close;
}

void HttpConnection::finish_exchange() {
  stop_watching();
  if (const auto exchange = std::exchange(exchange_, nullptr)) exchange->finish();
}

base::Task<HttpResponse> HttpConnection::ask_handler(std::shared_ptr<Exchange> exchange) {
  std::exception_ptr fault;
  try {
    co_return co_await context_->handler.handle(exchange);
  } catch (...) {
    fault = std::current_exception();
  }
  co_return response_to_fault(fault);
}

base::Task<UpgradeAnswer> HttpConnection::ask_upgrade(std::shared_ptr<Exchange> exchange) {
  std::exception_ptr fault;
  try {
    co_return co_await context_->handler.upgrade(exchange);
  } catch (...) {
    fault = std::current_exception();
  }
  co_return response_to_fault(fault);
}

HttpResponse HttpConnection::response_to_fault(std::exception_ptr fault) {
  using observability::Level;
  try {
    std::rethrow_exception(fault);
  } catch (const base::Unavailable& unavailable) {
    context_->log.repeated(Level::warning, "net.handler_unavailable",
                           {{"trace.id", trace_id()}, {"error.message", unavailable.what()}});
    auto response = problem_response(503, "unavailable");
    response.headers.add("Retry-After", "1");
    return response;
  } catch (const std::exception& error) {
    if (!dropped_) {
      context_->log.error("net.handler_failed",
                          {{"trace.id", trace_id()}, {"error.message", error.what()}});
    }
  }
  return problem_response(500, "internal");
}

base::Task<HttpConnection::Next> HttpConnection::serve_upgrade(std::shared_ptr<Exchange> exchange) {
  auto accept_key = check_websocket_upgrade(exchange->head());
  UpgradeAnswer answer;
  if (accept_key) {
    answer = co_await ask_upgrade(exchange);
  } else {
    answer = std::move(accept_key.error());
  }
  finish_exchange();
  if (dropped_) co_return Next::close;
  if (auto* refusal = std::get_if<HttpResponse>(&answer)) {
    const bool sent = co_await respond(std::move(*refusal), Next::close);
    if (sent && (!input_.empty() || !body_.done())) co_await linger();
  } else if (!peer_gone_) {
    become_websocket(*accept_key, std::get<WebSocketAccept>(std::move(answer)));
  }
  co_return Next::close;
}

void HttpConnection::become_websocket(const std::string& accept_key, WebSocketAccept accept) {
  context_->metrics.websockets.add();
  const auto websocket = std::make_shared<TcpWebSocket>(
      context_, std::move(socket_), std::move(place_), accept.options, std::move(input_));
  websocket->send_handshake(
      write_upgrade_head(accept_key, accept.headers, context_->options.every_answer));
  try {
    accept.opened(websocket);
  } catch (const std::exception& error) {
    context_->log.repeated(observability::Level::error, "net.handler_failed",
                           {{"error.message", error.what()}});
    websocket->abort();
  }
}

base::Task<std::expected<std::string, BodyError>> HttpConnection::read_body(std::size_t limit) {
  stop_watching();
  auto body = co_await collect_body(limit);
  if (!body) body_refused_ = true;
  if (exchange_ && exchange_->wants_to_know()) watch_peer();
  co_return body;
}

base::Task<std::expected<std::string, BodyError>> HttpConnection::collect_body(std::size_t limit) {
  if (content_length_ > limit) co_return std::unexpected(BodyError::too_large);
  if (std::exchange(expects_continue_, false) && input_.empty()) {
    const bool sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n", {});
    if (!sent) co_return std::unexpected(BodyError::disconnected);
  }
  const auto& limits = context_->options.limits;
  std::string body;
  arm(limits.body_timeout);
  for (;;) {
    std::string_view rest(input_);
    auto output = body_.next(rest);
    for (; output.status == BodyDecoder::Status::data; output = body_.next(rest)) {
      if (output.data.size() > limit - body.size()) co_return std::unexpected(BodyError::too_large);
      body.append(output.data);
    }
    input_.erase(0, input_.size() - rest.size());
    if (output.status == BodyDecoder::Status::done) break;
    if (output.status == BodyDecoder::Status::failed) {
      co_return std::unexpected(BodyError::malformed);
    }
    switch (co_await receive()) {
      case Received::data: break;
      case Received::closed: co_return std::unexpected(BodyError::disconnected);
      case Received::expired: co_return std::unexpected(BodyError::too_slow);
    }
    const LoopTime earned(input_.size() * 1000 / limits.body_bytes_per_second);
    deadline_ = std::min(*deadline_ + earned, context_->registry.now() + limits.body_timeout);
  }
  disarm();
  co_return body;
}

bool HttpConnection::may_skip_body() const {
  if (body_.done()) return true;
  // A client that waits for "100 Continue" may or may not send its body after another answer.
  if (body_refused_ || expects_continue_ || content_length_ == 0) return false;
  return body_.remaining() <= context_->options.limits.unread_body_bytes;
}

base::Task<HttpConnection::Next> HttpConnection::skip_body() {
  if (body_.done()) co_return Next::request;
  const auto skipped = co_await collect_body(context_->options.limits.unread_body_bytes);
  co_return skipped ? Next::request : Next::close;
}

base::Task<HttpConnection::Received> HttpConnection::receive() {
  for (;;) {
    error_code error;
    co_await socket_.async_wait(Socket::wait_read,
                                asio::redirect_error(asio::use_awaitable, error));
    if (std::exchange(expired_, false)) co_return Received::expired;
    if (dropped_ || ends_idle()) co_return Received::closed;
    if (error == asio::error::operation_aborted) continue;  // a watch that was given up
    const auto size = socket_.read_some(asio::buffer(context_->scratch), error);
    if (error == asio::error::would_block) continue;
    if (error || size == 0) co_return Received::closed;
    input_.append(context_->scratch.data(), size);
    co_return Received::data;
  }
}

const std::string& HttpConnection::trace_id() {
  if (trace_id_.empty()) trace_id_ = context_->trace_id(traceparent_);
  return trace_id_;
}

/// What this module or the front door refuses; the API's refusals come here as they are sent.
void HttpConnection::refuse(HttpResponse& response) {
  write_problem(response, trace_id());
  if (response.status >= 500) return;  // said where it happened
  context_->log.repeated(observability::Level::info, "net.request_refused",
                         {{"http.response.status_code", response.status},
                          {"error.code", response.problem},
                          {"trace.id", trace_id()}});
}

base::Task<bool> HttpConnection::respond(HttpResponse response, Next next) {
  if (!response.problem.empty()) refuse(response);
  context_->count_response(response.status);
  const ResponseFraming framing{.head_only = head_only_,
                                .keep_alive = next == Next::request,
                                .version_minor = version_minor_,
                                .date = context_->date,
                                .common = &context_->options.every_answer};
  auto head = write_response_head(response, framing);
  auto body = sends_body(response, framing) ? std::move(response.body) : HttpBody();
  co_return co_await write(std::move(head), std::move(body));
}

base::Task<bool> HttpConnection::write(std::string head, HttpBody body) {
  const auto text = body.view();
  const std::size_t total = head.size() + text.size();
  for (std::size_t sent = 0; sent < total;) {
    const std::size_t head_sent = std::min(sent, head.size());
    const std::array<asio::const_buffer, 2> rest = {
        asio::buffer(head) + head_sent,
        asio::buffer(text.data(), text.size()) + (sent - head_sent)};
    error_code error;
    sent += socket_.write_some(rest, error);
    if (error == asio::error::would_block) {
      arm(context_->options.limits.write_timeout);
      co_await socket_.async_wait(Socket::wait_write,
                                  asio::redirect_error(asio::use_awaitable, error));
      disarm();
      if (std::exchange(expired_, false) || dropped_) co_return false;
      if (error == asio::error::operation_aborted) error = {};
    }
    if (error) co_return false;
  }
  co_return true;
}

/// Closing with unread bytes makes the kernel send a reset, which can overtake the response: the
/// sending side is shut down first and the rest read into the void for a while.
base::Task<void> HttpConnection::linger() {
  error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  arm(context_->options.limits.linger_timeout);
  input_.clear();
  for (std::size_t total = 0; total < linger_bytes_max; total += std::exchange(input_, {}).size()) {
    if (co_await receive() != Received::data) co_return;
  }
}

void HttpConnection::watch_peer() {
  if (watching_) return;
  watching_ = true;
  const auto watch = ++watch_;
  if (peer_gone_) {
    asio::post(context_->executor, [weak = weak_from_this(), watch] {
      if (const auto self = weak.lock()) self->peer_readable(watch);
    });
    return;
  }
  socket_.async_wait(Socket::wait_read, [weak = weak_from_this(), watch](error_code) {
    if (const auto self = weak.lock()) self->peer_readable(watch);
  });
}

void HttpConnection::stop_watching() {
  if (!std::exchange(watching_, false)) return;
  ++watch_;
  error_code ignored;
  socket_.cancel(ignored);
}

void HttpConnection::peer_readable(std::uint32_t watch) {
  if (watch != watch_ || dropped_ || !exchange_) return;
  watching_ = false;
  error_code error;
  const auto size = peer_gone_ ? 0 : socket_.read_some(asio::buffer(context_->scratch), error);
  if (!peer_gone_ && (size > 0 || error == asio::error::would_block)) {
    input_.append(context_->scratch.data(), size);
    // A peer that sends this much ahead of its answer is no longer watched.
    if (input_.size() < pipelined_bytes_max) watch_peer();
    return;
  }
  peer_gone_ = true;
  const auto exchange = exchange_;
  exchange->tell_disconnected();
}

}  // namespace rubricon::net
