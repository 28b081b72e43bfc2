// tests: http_connection.cpp
// tests: server_context.cpp
#include <rubricon/net/http_server.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/net/deferred.hpp>

#include "loopback_test.hpp"

namespace rubricon::net {
namespace {

using namespace testing;
using Exchange = std::shared_ptr<HttpExchange>;

base::Task<HttpResponse> say_path(Exchange exchange) {
  co_return HttpResponse{.body = exchange->head().method + " " + exchange->head().path};
}

base::Task<HttpResponse> echo_up_to_ten(Exchange exchange) {
  auto body = co_await exchange->read_body(10);
  if (body) co_return HttpResponse{.body = *std::move(body)};
  switch (body.error()) {
    case BodyError::too_large: co_return problem_response(413, "too_large");
    case BodyError::malformed: co_return problem_response(400, "malformed_body");
    case BodyError::too_slow: co_return problem_response(408, "body_timeout");
    case BodyError::disconnected: break;
  }
  co_return problem_response(500, "disconnected");
}

base::Task<HttpResponse> wait_for_text(Exchange exchange, Deferred<std::string> text) {
  (void)exchange;
  co_return HttpResponse{.body = co_await text.get()};
}

base::Task<HttpResponse> throw_unavailable(Exchange exchange) {
  (void)exchange;
  throw base::Unavailable("the database is gone");
  co_return HttpResponse{};
}

base::Task<HttpResponse> throw_something(Exchange exchange) {
  (void)exchange;
  throw std::logic_error("a bug");
  co_return HttpResponse{};
}

class HttpServerTest : public LoopbackTest {
 protected:
  void SetUp() override { handler.on_request = say_path; }
};

TEST_F(HttpServerTest, answers_a_request_with_length_and_without_its_own_name) {
  serve();
  const auto answer = ask("GET /a%20b?c=d HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, "GET /a b");
  EXPECT_TRUE(answer.has("Content-Length: 8"));
  EXPECT_FALSE(answer.head.contains("Server:"));
  EXPECT_FALSE(answer.head.contains("Date:"));
}

TEST_F(HttpServerTest, tells_the_date_when_it_has_a_clock) {
  HttpServerOptions options;
  options.now = [] { return base::time_from_unix_ms(784111777000); };
  serve(options);
  EXPECT_TRUE(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").has("Date: Sun, 06 Nov 1994 08:49:37 GMT"));
}

TEST_F(HttpServerTest, serves_many_requests_on_one_connection) {
  serve();
  auto client = connect();
  for (int i = 0; i < 5; ++i) {
    client.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(client.answer().body, "GET /" + std::to_string(i));
  }
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(HttpServerTest, serves_pipelined_requests_one_after_the_other) {
  serve();
  handler.on_request = echo_up_to_ten;
  auto client = connect();
  client.send(
      "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
      "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n\r\n"
      "POST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nthree");
  EXPECT_EQ(client.answer().body, "one");
  EXPECT_EQ(client.answer().body, "two");
  EXPECT_EQ(client.answer().body, "three");
}

TEST_F(HttpServerTest, takes_a_request_that_comes_byte_by_byte) {
  serve();
  handler.on_request = echo_up_to_ten;
  auto client = connect();
  for (const char c : std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                  "2;x=y\r\nhi\r\n0\r\nT: t\r\n\r\n")) {
    client.send(std::string(1, c));
    idle(0ms);
  }
  EXPECT_EQ(client.answer().body, "hi");
}

TEST_F(HttpServerTest, closes_when_the_client_asks_for_it_or_speaks_http_1_0) {
  serve();
  auto asks = connect();
  asks.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(asks.answer().has("Connection: close"));
  EXPECT_TRUE(asks.wait_closed());
  auto old = connect();
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.answer().has("Connection: close"));
  EXPECT_TRUE(old.wait_closed());
  auto kept = connect();
  kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(kept.answer().has("Connection: keep-alive"));
}

TEST_F(HttpServerTest, leaves_the_body_away_for_head_204_and_304) {
  serve();
  auto client = connect();
  client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(client.answer("HEAD").has("Content-Length: 9"));
  handler.on_request = [](Exchange) -> base::Task<HttpResponse> {
    co_return HttpResponse{.status = 204, .body = "never sent"};
  };
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_FALSE(client.answer("HEAD").head.contains("Content-Length"));
  handler.on_request = say_path;
  client.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer().body, "GET /next");
}

TEST_F(HttpServerTest, refuses_malformed_requests_with_a_problem_and_closes) {
  serve();
  const std::string host = "Host: x\r\n";
  for (const auto& [request, status] : std::vector<std::pair<std::string, unsigned>>{
           {"GET / HTTP/1.1\r\n\r\n", 400},
           {"GET / HTTP/1.1\nHost: x\n\n", 400},
           {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            400},
           {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
            "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
            400},
           {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
           {"GET / HTTP/1.1\r\nHost: x\r\nX-A : b\r\n\r\n", 400},
           {"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n", 400},
           {"GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505},
           {"GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
           {"GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(17000, 'x') + "\r\n\r\n", 431},
           {"\x16\x03\x01\x02", 400}}) {
    auto client = connect();
    client.send(request);
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, status) << request.substr(0, 80);
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(answer.has("Content-Type: application/problem+json"));
    EXPECT_TRUE(answer.body.contains("\"code\":"));
    client.shutdown_send();
    EXPECT_TRUE(client.wait_closed());
    EXPECT_EQ(client.received, "");
  }
  EXPECT_EQ(handler.requests, 0);
}

TEST_F(HttpServerTest, refuses_a_content_length_over_the_limit_before_reading) {
  serve();
  handler.on_request = echo_up_to_ten;
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n");
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 413u);
  EXPECT_TRUE(answer.has("Connection: close"));
}

TEST_F(HttpServerTest, counts_the_bytes_of_a_chunked_body_and_accepts_the_limit_exactly) {
  serve();
  handler.on_request = echo_up_to_ten;
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask(head + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n").body, "0123456789");
  EXPECT_EQ(ask(head + "5\r\n01234\r\n6\r\n56789x\r\n0\r\n\r\n").status, 413u);
  EXPECT_EQ(ask(head + "5\r\n01234\r\nZ\r\n").status, 400u);
}

TEST_F(HttpServerTest, an_answer_to_a_body_that_is_too_long_arrives_though_the_client_still_sends) {
  // Without lingering the unread bytes would turn the close into a reset that destroys the answer.
  serve();
  handler.on_request = echo_up_to_ten;
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" +
              std::string(0x20000, 'x'));
  EXPECT_EQ(client.answer().status, 413u);
  EXPECT_TRUE(client.wait_closed());
  EXPECT_FALSE(client.reset);
}

TEST_F(HttpServerTest, says_continue_to_a_client_that_waits_for_it) {
  serve();
  handler.on_request = echo_up_to_ten;
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_TRUE(client.wait_for("HTTP/1.1 100 Continue\r\n\r\n"));
  client.received.clear();
  client.send("ok");
  EXPECT_EQ(client.answer().body, "ok");
}

TEST_F(HttpServerTest, a_body_that_is_refused_is_not_asked_for) {
  serve();
  handler.on_request = echo_up_to_ten;
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n");
  EXPECT_EQ(client.answer().status, 413u);
}

TEST_F(HttpServerTest, skips_a_short_body_that_nobody_reads_and_closes_on_a_long_one) {
  serve();
  auto client = connect();
  client.send("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.answer().body, "POST /1");
  client.send(
      "hello"
      "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer().body, "GET /2");
  client.send("POST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n");
  EXPECT_TRUE(client.answer().has("Connection: close"));
}

TEST_F(HttpServerTest, a_slow_head_gets_408_and_a_silent_connection_is_closed) {
  HttpServerOptions options;
  options.limits.head_timeout = 50ms;
  options.limits.idle_timeout = 100ms;
  serve(options);
  auto silent = connect();
  auto slow = connect();
  slow.send("GET / HTT");
  EXPECT_EQ(slow.answer().status, 408u);
  EXPECT_TRUE(silent.wait_closed());
  EXPECT_EQ(silent.received, "");
}

TEST_F(HttpServerTest, a_body_under_the_minimum_rate_gets_408) {
  HttpServerOptions options;
  options.limits.body_timeout = 50ms;
  serve(options);
  handler.on_request = echo_up_to_ten;
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_EQ(client.answer().status, 408u);
}

TEST_F(HttpServerTest, a_client_that_does_not_read_its_answer_is_dropped) {
  HttpServerOptions options;
  options.limits.write_timeout = 50ms;
  serve(options);
  const auto large = std::make_shared<const std::string>(32 * 1024 * 1024, 'x');
  handler.on_request = [large](Exchange) {
    return [](std::shared_ptr<const std::string> body) -> base::Task<HttpResponse> {
      co_return HttpResponse{.body = HttpBody(std::move(body))};
    }(large);
  };
  auto client = connect();
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(pump([this] { return handler.requests == 1; }));
  EXPECT_TRUE(pump([this] { return server->connections() == 0; }));
}

TEST_F(HttpServerTest, sends_a_large_answer_to_a_client_that_reads_slowly) {
  serve();
  const auto large = std::make_shared<const std::string>(8 * 1024 * 1024, 'x');
  handler.on_request = [large](Exchange) {
    return [](std::shared_ptr<const std::string> body) -> base::Task<HttpResponse> {
      co_return HttpResponse{.body = HttpBody(std::move(body))};
    }(large);
  };
  auto client = connect();
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer().body, *large);
}

TEST_F(HttpServerTest, tells_a_waiting_handler_that_the_client_has_gone) {
  serve();
  for (const bool orderly : {true, false}) {
    bool disconnected = false;
    Deferred<std::string> text;
    handler.on_request = [&](Exchange exchange) {
      exchange->on_disconnect([&] {
        disconnected = true;
        text.set("nobody reads this");
      });
      return wait_for_text(exchange, text);
    };
    auto client = connect();
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const int before = handler.requests;
    EXPECT_TRUE(pump([&] { return handler.requests > before; }));
    idle(5ms);
    EXPECT_FALSE(disconnected);
    orderly ? client.close() : client.reset_connection();
    EXPECT_TRUE(pump([&] { return disconnected; }));
    EXPECT_TRUE(pump([&] { return server->connections() == 0; }));
  }
}

TEST_F(HttpServerTest, a_client_that_only_ended_its_sending_side_still_gets_the_answer) {
  serve();
  Deferred<std::string> text;
  handler.on_request = [&](Exchange exchange) {
    exchange->on_disconnect([&] { text.set("still here"); });
    return wait_for_text(exchange, text);
  };
  auto client = connect();
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").shutdown_send();
  EXPECT_EQ(client.answer().body, "still here");
  EXPECT_TRUE(client.wait_closed());
}

TEST_F(HttpServerTest, a_request_pipelined_behind_a_watched_one_is_served_after_it) {
  serve();
  Deferred<std::string> text;
  bool disconnected = false;
  handler.on_request = [&](Exchange exchange) {
    if (exchange->head().path == "/2") return say_path(exchange);
    exchange->on_disconnect([&] { disconnected = true; });
    return wait_for_text(exchange, text);
  };
  auto client = connect();
  client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(pump([&] { return handler.requests == 1; }));
  client.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  idle(5ms);
  text.set("first");
  EXPECT_EQ(client.answer().body, "first");
  EXPECT_EQ(client.answer().body, "GET /2");
  EXPECT_FALSE(disconnected);
}

TEST_F(HttpServerTest, abort_drops_the_connection_and_ends_a_body_that_is_read) {
  serve();
  Exchange held;
  handler.on_request = [&](Exchange exchange) {
    held = exchange;
    return echo_up_to_ten(exchange);
  };
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_TRUE(pump([&] { return held != nullptr; }));
  idle(5ms);
  held->abort();
  EXPECT_TRUE(client.wait_closed());
  EXPECT_EQ(client.received, "");
  held->abort();  // after the end it does nothing
  held->on_disconnect([] { FAIL(); });
}

TEST_F(HttpServerTest, what_a_handler_throws_becomes_503_or_500) {
  serve();
  handler.on_request = throw_unavailable;
  const auto unavailable = ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(unavailable.status, 503u);
  EXPECT_TRUE(unavailable.has("Retry-After: 1"));
  handler.on_request = throw_something;
  const auto failed = ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(failed.status, 500u);
  EXPECT_FALSE(failed.body.contains("a bug"));
}

TEST_F(HttpServerTest, fields_that_would_break_the_framing_are_not_sent) {
  serve();
  handler.on_request = [](Exchange) -> base::Task<HttpResponse> {
    HttpResponse response{.body = "x"};
    response.headers = {{"X-Good", "1"},
                        {"X-Bad", "1\r\nSet-Cookie: a=b"},
                        {"X Bad", "1"},
                        {"Content-Length", "99"},
                        {"Transfer-Encoding", "chunked"}};
    co_return response;
  };
  const auto answer = ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(answer.has("X-Good: 1"));
  EXPECT_TRUE(answer.has("Content-Length: 1"));
  EXPECT_FALSE(answer.head.contains("Bad"));
  EXPECT_FALSE(answer.head.contains("Transfer-Encoding"));
}

TEST_F(HttpServerTest, believes_forwarded_addresses_of_trusted_proxies_only) {
  handler.on_request = [](Exchange exchange) -> base::Task<HttpResponse> {
    const auto& head = exchange->head();
    co_return HttpResponse{.body = head.remote_address + (head.secure ? " https" : " http")};
  };
  const std::string request =
      "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n"
      "X-Forwarded-Proto: https\r\n\r\n";
  serve();
  EXPECT_EQ(ask(request).body, "127.0.0.1 http");
  drain();
  HttpServerOptions options;
  options.trusted_proxies = {"127.0.0.0/8"};
  serve(options);
  EXPECT_EQ(ask(request).body, "198.51.100.7 https");
}

TEST_F(HttpServerTest, closes_connections_beyond_its_limits_at_once) {
  HttpServerOptions options;
  options.limits.connections = 3;
  options.limits.connections_per_address = 2;
  serve(options);
  auto first = connect();
  auto second = connect();
  auto third = connect();
  EXPECT_TRUE(third.wait_closed());
  first.close();
  EXPECT_TRUE(pump([&] { return server->connections() == 1; }));
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200u);
}

TEST_F(HttpServerTest, survives_clients_that_vanish_at_any_moment) {
  serve();
  handler.on_request = echo_up_to_ten;
  const std::string request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t i = 0; i <= request.size(); ++i) {
    auto client = connect();
    client.send(request.substr(0, i));
    if (i % 2 == 0) idle(0ms);
    client.reset_connection();
  }
  EXPECT_TRUE(pump([&] { return server->connections() == 0; }));
  EXPECT_EQ(ask(request).body, "hello");
}

TEST_F(HttpServerTest, throws_when_it_cannot_listen) {
  serve();
  EXPECT_THROW(server->listen("127.0.0.1", port), base::Unavailable);
  EXPECT_THROW(server->listen("localhost", 0), base::Unavailable);
}

}  // namespace
}  // namespace rubricon::net
