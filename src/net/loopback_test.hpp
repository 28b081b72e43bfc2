/// A real server on loopback and clients that write raw bytes, all on one loop in one thread.
#pragma once

#include <rubricon/net/http_server.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::net::testing {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// What a client got as an answer.
struct Answer {
  unsigned status = 0;
  std::string head;
  std::string body;

  bool has(std::string_view line) const {
    return head.contains("\r\n" + std::string(line) + "\r\n");
  }
};

/// A handler made of functions.
class ScriptedHandler final : public HttpHandler {
 public:
  using Exchange = std::shared_ptr<HttpExchange>;
  std::function<base::Task<HttpResponse>(Exchange)> on_request;
  std::function<UpgradeAnswer(Exchange)> on_upgrade;
  int requests = 0;

  base::Task<HttpResponse> handle(Exchange exchange) override {
    ++requests;
    return on_request(std::move(exchange));
  }
  base::Task<UpgradeAnswer> upgrade(Exchange exchange) override {
    co_return on_upgrade(std::move(exchange));
  }
};

class LoopbackTest : public ::testing::Test {
 protected:
  /// Runs the loop until `done`, for at most about five seconds.
  bool pump(const std::function<bool()>& done) {
    for (int i = 0; i < 5'000; ++i) {
      if (done()) return true;
      io.restart();
      io.run_one_for(1ms);
    }
    return false;
  }
  /// Runs the loop for a while, when nothing is to happen; with 0 ms, what is ready.
  void idle(std::chrono::milliseconds duration) {
    io.restart();
    io.poll();
    io.restart();
    io.run_for(duration);
  }

  class Client {
   public:
    Client(LoopbackTest& test, std::uint16_t port) : test_(test), socket_(test.io) {
      socket_.connect({asio::ip::make_address("127.0.0.1"), port});
      socket_.non_blocking(true);
    }

    Client& send(std::string bytes) {
      while (!bytes.empty()) {
        boost::system::error_code error;
        const auto size = socket_.write_some(asio::buffer(bytes), error);
        if (error && error != asio::error::would_block) break;
        bytes.erase(0, size);
        if (!bytes.empty()) test_.idle(1ms);
      }
      return *this;
    }

    /// Appends to `received` what has come; sets `closed` at the end.
    void read() {
      std::array<char, 16384> bytes;
      for (;;) {
        boost::system::error_code error;
        const auto size = socket_.read_some(asio::buffer(bytes), error);
        if (error == asio::error::would_block) return;
        if (error) {
          closed = true;
          reset = error == asio::error::connection_reset;
          return;
        }
        received.append(bytes.data(), size);
      }
    }

    /// The next whole answer; `status` 0 when none comes.
    Answer answer(std::string_view method = "GET") {
      Answer found;
      test_.pump([&] { return read(), take_answer(found, method) || closed; });
      return found;
    }
    bool wait_closed() {
      return test_.pump([&] { return read(), closed; });
    }
    bool wait_for(std::string_view text) {
      return test_.pump([&] { return read(), received.contains(text); });
    }
    void close() { socket_.close(); }
    void shutdown_send() { socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }
    /// Closes with a reset instead of an orderly end.
    void reset_connection() {
      socket_.set_option(asio::socket_base::linger(true, 0));
      socket_.close();
    }
    asio::ip::tcp::socket& socket() { return socket_; }

    std::string received;
    bool closed = false;
    bool reset = false;

   private:
    bool take_answer(Answer& found, std::string_view method) {
      const auto end = received.find("\r\n\r\n");
      if (end == std::string::npos) return false;
      Answer next{.head = received.substr(0, end + 2)};
      next.status = static_cast<unsigned>(std::stoul(next.head.substr(9, 3)));
      std::size_t size = 0;
      const auto field = next.head.find("Content-Length: ");
      if (field != std::string::npos && method != "HEAD")
        size = std::stoul(next.head.substr(field + 16));
      if (received.size() < end + 4 + size) return false;
      next.body = received.substr(end + 4, size);
      received.erase(0, end + 4 + size);
      found = next;
      return true;
    }

    LoopbackTest& test_;
    asio::ip::tcp::socket socket_;
  };

  void serve(HttpServerOptions options = {}) {
    options.tick = 10ms;
    server =
        std::make_unique<HttpServer>(io.get_executor(), std::move(options), handler, log, metrics);
    port = server->listen("127.0.0.1", 0);
  }
  Client connect() { return Client(*this, port); }
  Answer ask(const std::string& request) { return connect().send(request).answer(); }

  /// Begins to drain the server, giving connections `patience`; `drained` says when it is over.
  void begin_drain(std::chrono::milliseconds patience = 4s) {
    asio::steady_timer clock(io);
    clock.expires_after(patience);
    drained = false;
    asio::co_spawn(io, server->drain(base::Deadline::at(clock.expiry())),
                   [this](std::exception_ptr fault) {
                     if (fault) std::rethrow_exception(fault);
                     drained = true;
                   });
  }
  void drain(std::chrono::milliseconds patience = 0ms) {
    begin_drain(patience);
    EXPECT_TRUE(pump([&] { return *drained; }));
  }

  void TearDown() override {
    if (!server) return;
    if (drained && !*drained) EXPECT_TRUE(pump([&] { return *drained; }));
    drain();
    EXPECT_EQ(server->connections(), 0u);
    server.reset();
    io.restart();
    io.poll();
  }

  asio::io_context io;
  std::vector<std::string> log_lines;
  observability::Log log{{},
                         [] { return base::Time(); },
                         [this](std::string_view line) { log_lines.emplace_back(line); }};
  observability::Metrics metrics;
  ScriptedHandler handler;
  std::unique_ptr<HttpServer> server;
  std::uint16_t port = 0;
  std::optional<bool> drained;  ///< nothing before a drain
};

}  // namespace rubricon::net::testing
