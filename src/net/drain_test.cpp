// tests: http_server.cpp
// tests: newcomers.cpp
#include <rubricon/net/deferred.hpp>
#include <rubricon/net/http_server.hpp>

#include "loopback_test.hpp"

namespace rubricon::net {
namespace {

using namespace testing;
using Exchange = std::shared_ptr<HttpExchange>;

base::Task<HttpResponse> say_path(Exchange exchange) {
  co_return HttpResponse{.body = exchange->head().method + " " + exchange->head().path};
}

base::Task<HttpResponse> wait_for_text(Exchange exchange, Deferred<std::string> text) {
  (void)exchange;
  co_return HttpResponse{.body = co_await text.get()};
}

class DrainTest : public LoopbackTest {
 protected:
  void SetUp() override { handler.on_request = say_path; }
};

TEST_F(DrainTest, draining_closes_idle_connections_and_lets_running_requests_finish) {
  serve();
  Deferred<std::string> text;
  handler.on_request = [&](Exchange exchange) { return wait_for_text(exchange, text); };
  auto idle_client = connect();
  auto busy = connect();
  busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(pump([&] { return handler.requests == 1; }));
  begin_drain();
  EXPECT_TRUE(idle_client.wait_closed());
  idle(100ms);
  boost::system::error_code error;
  asio::ip::tcp::socket late(io);
  late.connect({asio::ip::make_address("127.0.0.1"), port}, error);
  EXPECT_TRUE(error);
  text.set("finished");
  const auto answer = busy.answer();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(busy.wait_closed());
}

// Goal: a proxy whose request is on its way as the drain begins gets its answer, whether it takes a
// connection that it has kept, or one that waits to be accepted.
TEST_F(DrainTest, draining_answers_a_proxy_that_was_about_to_ask) {
  HttpServerOptions options;
  options.trusted_proxies = {"127.0.0.0/8"};
  options.limits.proxy_idle_timeout = 500ms;
  serve(std::move(options));
  auto kept = connect();
  kept.send("GET /before HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(kept.answer().body, "GET /before");
  auto unused = connect();
  idle(0ms);
  auto waiting = connect();  // in the queue: nobody has run the loop since
  begin_drain();
  idle(100ms);
  for (auto* client : {&kept, &waiting}) {
    client->send("GET /after HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client->answer();
    EXPECT_EQ(answer.body, "GET /after");
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(client->wait_closed());
  }
  EXPECT_FALSE(unused.closed);
  EXPECT_TRUE(unused.wait_closed());
  EXPECT_FALSE(unused.reset);
}

// Goal: who comes while the server ends is refused, so that a proxy asks another server, and not
// let in and reset.
TEST_F(DrainTest, draining_refuses_newcomers_and_resets_nobody) {
  serve();
  begin_drain();
  idle(1ms);
  asio::ip::tcp::socket late(io);
  boost::system::error_code outcome;
  bool knocked = false;
  late.async_connect({asio::ip::make_address("127.0.0.1"), port}, [&](auto error) {
    outcome = error;
    knocked = true;
  });
  EXPECT_TRUE(pump([&] { return knocked; }));
  EXPECT_EQ(outcome, asio::error::connection_refused);
}

TEST_F(DrainTest, drain_cancels_the_handlers_that_outlast_the_deadline) {
  serve();
  Deferred<std::string> never;
  handler.on_request = [&](Exchange exchange) { return wait_for_text(exchange, never); };
  auto client = connect();
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(pump([&] { return handler.requests == 1; }));
  drain(20ms);
  EXPECT_TRUE(client.wait_closed());
  EXPECT_EQ(server->connections(), 0u);
}

}  // namespace
}  // namespace rubricon::net
