#include <rubricon/net/http_server.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/base/task_group.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/net/http_connection.hpp>
#include <rubricon/net/http_writer.hpp>
#include <rubricon/net/newcomers.hpp>
#include <rubricon/net/server_context.hpp>

#include <fmt/format.h>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <list>

namespace rubricon::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr int backlog = 4096;
constexpr auto accept_pause = 100ms;
/// For connections that had begun when newcomers were kept out: several times the way to a proxy.
constexpr auto accept_last = 50ms;

/// What accepting runs out of: trying again at once would spin.
bool is_shortage(const error_code& error) {
  return error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
         error == asio::error::no_memory ||
         error == boost::system::errc::too_many_files_open_in_system;
}

std::string what(const std::exception_ptr& fault) {
  try {
    std::rethrow_exception(fault);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "unknown";
  }
}

}  // namespace

base::Task<UpgradeAnswer> HttpHandler::upgrade(std::shared_ptr<HttpExchange> exchange) {
  (void)exchange;
  co_return problem_response(404, "not_found");
}

class HttpServer::State : public std::enable_shared_from_this<HttpServer::State> {
 public:
  State(asio::any_io_executor executor, HttpServerOptions options, HttpHandler& handler,
        observability::Log& log, observability::Metrics& metrics)
      : context(
            std::make_shared<ServerContext>(executor, std::move(options), handler, log, metrics)),
        group(executor,
              [&log](std::exception_ptr fault) {
                log.repeated(observability::Level::error, "net.connection_failed",
                             {{"error.message", what(fault)}});
              }),
        ticker(executor),
        emptied(executor) {}

  std::uint16_t listen(const tcp::endpoint& endpoint);
  base::Task<void> stop_accepting(base::Deadline deadline);
  base::Task<void> drain(base::Deadline deadline);
  std::size_t connections() const { return context->registry.size(); }

 private:
  using Acceptors = std::list<tcp::acceptor>;

  base::Task<void> accept(Acceptors::iterator acceptor);
  void welcome(tcp::socket socket);
  void start_ticking();
  void tick();

  std::shared_ptr<ServerContext> context;
  base::TaskGroup group;
  Acceptors acceptors;
  base::Timer ticker;
  base::Timer emptied;  ///< ends at drain's deadline, or earlier when all have left
  bool ticking = false;
  bool ended = false;
};

std::uint16_t HttpServer::State::listen(const tcp::endpoint& endpoint) {
  acceptors.emplace_back(context->executor);
  const auto acceptor = std::prev(acceptors.end());
  try {
    acceptor->open(endpoint.protocol());
    acceptor->set_option(tcp::acceptor::reuse_address(true));
    if (endpoint.address().is_v6()) acceptor->set_option(asio::ip::v6_only(true));
    acceptor->bind(endpoint);
    acceptor->listen(backlog);
    acceptor->non_blocking(true);
  } catch (const boost::system::system_error& error) {
    acceptors.erase(acceptor);
    throw base::Unavailable(fmt::format("cannot listen on {}:{}: {}",
                                        endpoint.address().to_string(), endpoint.port(),
                                        error.code().message()));
  }
  const auto port = acceptor->local_endpoint().port();
  group.spawn(accept(acceptor));
  start_ticking();
  return port;
}

base::Task<void> HttpServer::State::accept(Acceptors::iterator acceptor) {
  base::Timer pause(context->executor);
  while (acceptor->is_open()) {
    error_code error;
    tcp::socket socket =
        co_await acceptor->async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (is_shortage(error)) {
      context->log.repeated(observability::Level::error, "net.accept_failed",
                            {{"error.message", error.message()}});
      pause.expires_after(accept_pause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    } else if (!error) {
      welcome(std::move(socket));
    }
  }
}

void HttpServer::State::welcome(tcp::socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error).address();
  if (error) return;  // it has gone again
  using Counting = ConnectionRegistry::Counting;
  const auto counting = context->proxies.trusts(peer) ? Counting::total_only : Counting::by_address;
  auto place = context->registry.admit(peer, counting);
  if (!place) {
    const bool all = context->registry.size() >= context->options.limits.connections;
    auto& metrics = context->metrics;
    (all ? metrics.refused_total_limit : metrics.refused_address_limit).add();
    context->log.repeated(observability::Level::warning, "net.connection_refused",
                          {{"limit", all ? "connections" : "connections_per_address"},
                           {"client.ip", peer.to_string()}});
    return;
  }
  context->metrics.accepted.add();
  socket.non_blocking(true, error);
  socket.set_option(tcp::no_delay(true), error);
  group.spawn(HttpConnection::serve(context, std::move(socket), *std::move(place)));
}

void HttpServer::State::start_ticking() {
  if (std::exchange(ticking, true)) return;
  ticker.expires_after(context->options.tick);
  tick();
}

void HttpServer::State::tick() {
  if (context->options.now) context->date = format_http_date(context->options.now());
  ticker.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self || self->ended) return;
    self->context->registry.advance(self->context->options.tick);
    // From the last expiry, so that the ticks keep pace with time however late they come.
    self->ticker.expires_at(self->ticker.expiry() + self->context->options.tick);
    self->tick();
  });
}

base::Task<void> HttpServer::State::stop_accepting(base::Deadline deadline) {
  context->draining = true;
  context->registry.tell_draining();
  error_code ignored;
  for (auto& acceptor : acceptors) keep_newcomers_out(acceptor.native_handle());
  emptied.expires_after(accept_last);
  emptied.expires_at(std::min(emptied.expiry(), deadline.instant()));
  if (!acceptors.empty()) {
    co_await emptied.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  for (auto& acceptor : acceptors) acceptor.close(ignored);
}

base::Task<void> HttpServer::State::drain(base::Deadline deadline) {
  co_await stop_accepting(deadline);
  emptied.expires_at(deadline.instant());
  context->registry.on_empty([this] { emptied.cancel(); });
  error_code ignored;
  if (connections() > 0) {
    co_await emptied.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (connections() > 0) {
    context->log.info("net.drain_incomplete", {{"connections", connections()}});
    context->registry.drop_all();
  }
  co_await group.stop();
  // Dropped WebSockets tell their listeners in a step of their own.
  emptied.expires_at(base::Instant::max());
  while (connections() > 0) {
    co_await emptied.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  context->registry.on_empty(nullptr);
  ended = true;
  ticker.cancel();
}

HttpServer::HttpServer(asio::any_io_executor executor, HttpServerOptions options,
                       HttpHandler& handler, observability::Log& log,
                       observability::Metrics& metrics)
    : state_(std::make_shared<State>(std::move(executor), std::move(options), handler, log,
                                     metrics)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::listen(const std::string& address, std::uint16_t port) {
  error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) throw base::Unavailable("cannot listen: not a numeric address: " + address);
  return state_->listen({ip, port});
}

base::Task<void> HttpServer::drain(base::Deadline deadline) {
  return state_->drain(deadline);
}

std::size_t HttpServer::connections() const {
  return state_->connections();
}

}  // namespace rubricon::net
