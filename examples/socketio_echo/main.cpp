// A Socket.IO server on its own: what the library needs around it, and nothing else.
#include "engine_echo.hpp"
#include "events.hpp"
#include "options.hpp"

#include <rubricon/base/task_group.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/socketio_server/server.hpp>

#include <openssl/rand.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <span>
#include <stdexcept>

namespace {

using namespace rubricon;
using socketio_server::EngineServer;
using socketio_server::Server;

/// Time enters the program here, and only here.
base::Instant now() {
  return std::chrono::steady_clock::now();
}  // tidy: allow clock because it enters here

void fill_random(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) {
    throw std::runtime_error("no randomness");
  }
}

/// Sends requests to the server of their path.
class Paths final : public net::HttpHandler {
 public:
  Paths(net::HttpHandler& socketio, net::HttpHandler& engineio)
      : socketio_(&socketio), engineio_(&engineio) {}

  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override {
    if (auto* handler = find(exchange->head().path)) co_return co_await handler->handle(exchange);
    co_return net::problem_response(404, "not_found");
  }

  base::Task<net::UpgradeAnswer> upgrade(std::shared_ptr<net::HttpExchange> exchange) override {
    if (auto* handler = find(exchange->head().path)) co_return co_await handler->upgrade(exchange);
    co_return net::UpgradeAnswer(net::problem_response(404, "not_found"));
  }

 private:
  net::HttpHandler* find(std::string_view path) const {
    if (path.starts_with("/socket.io/")) return socketio_;
    if (path.starts_with("/engine.io/")) return engineio_;
    return nullptr;
  }

  net::HttpHandler* socketio_;
  net::HttpHandler* engineio_;
};

/// Everything the process runs, in the order it must go: the handlers outlive the HTTP server.
class Program {
 public:
  Program(boost::asio::io_context& loop, const socketio_echo::Options& options)
      : io_(loop.get_executor(), {.now = now, .random = fill_random}, options.server),
        engine_(loop.get_executor(), {.now = now, .random = fill_random}, options.server.engine,
                [](const auto& socket, const auto&) {
                  return socketio_echo::make_engine_echo(socket);
                }),
        paths_(io_.http(), engine_),
        http_(loop.get_executor(), {.limits = {.connections_per_address = 20'000}}, paths_, log_,
              metrics_),
        tasks_(loop.get_executor(), [](std::exception_ptr) { std::terminate(); }) {
    socketio_echo::add_events(io_);
    port_ = http_.listen("127.0.0.1", options.port);
  }

  std::uint16_t port() const { return port_; }
  void stop() { tasks_.spawn(end()); }

 private:
  base::Task<void> end() {
    co_await io_.close_all({});
    co_await engine_.close_all({});
    const auto patience = std::chrono::seconds(2);
    co_await http_.drain(base::Deadline::after(now(), patience));
  }

  observability::Log log_;
  observability::Metrics metrics_;
  Server io_;
  EngineServer engine_;
  Paths paths_;
  net::HttpServer http_;
  base::TaskGroup tasks_;
  std::uint16_t port_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = socketio_echo::parse_options(argc, argv);
  if (!parsed.options) return parsed.exit_code;
  boost::asio::io_context loop(1);
  Program program(loop, *parsed.options);
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&program](boost::system::error_code error, int) {
    if (!error) program.stop();
  });
  std::printf("listening on http://127.0.0.1:%u\n", program.port());
  std::fflush(stdout);
  loop.run();
}
