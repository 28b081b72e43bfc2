#include <rubricon/net/tcp_websocket.hpp>

#include "client_frames_test.hpp"
#include "loopback_test.hpp"

#include <fmt/format.h>

namespace rubricon::net {
namespace {

using namespace testing;

const std::string upgrade_request =
    "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

/// Writes down what it hears.
class Listener final : public WebSocketListener {
 public:
  void on_text(std::string_view payload) override {
    if (payload == "throw") throw std::runtime_error("a listener's bug");
    story += "text:" + std::string(payload) + " ";
    if (then) then();
  }
  void on_binary(std::string_view payload) override {
    story += "binary:" + std::string(payload) + " ";
  }
  void on_closed(WebSocketClosed how) override {
    closed = how;
    ++closed_calls;
  }
  void on_drained() override { ++drained; }
  void on_high_water() override { ++high_water; }

  std::string story;
  std::function<void()> then;
  std::optional<WebSocketClosed> closed;
  int closed_calls = 0;
  int drained = 0;
  int high_water = 0;
};

class TcpWebSocketTest : public LoopbackTest {
 protected:
  using Cause = WebSocketClosed::Cause;

  void SetUp() override {
    handler.on_upgrade = [this](std::shared_ptr<HttpExchange>) {
      WebSocketAccept accept{.options = options, .headers = {{"X-Kit", "1"}}};
      accept.opened = [this](std::shared_ptr<WebSocketConnection> opened) {
        connection = std::move(opened);
        if (greet) greet();
        connection->start(listener);
      };
      return UpgradeAnswer(std::move(accept));
    };
  }
  void TearDown() override {
    LoopbackTest::TearDown();
    connection.reset();
    EXPECT_EQ(listener.use_count(), 1) << "the connection must let its listener go";
    if (started) EXPECT_EQ(listener->closed_calls, 1);
  }

  /// A client whose handshake is done.
  Client open() {
    if (!server) serve();
    auto client = connect();
    client.send(upgrade_request);
    EXPECT_EQ(client.answer().status, 101u);
    started = true;
    return client;
  }
  /// The next frame, or an empty one when none comes.
  ServerFrame frame(Client& client) {
    ServerFrame next;
    pump([&] { return client.read(), take_server_frame(client.received, next) || client.closed; });
    return next;
  }
  bool hears(const std::string& story) {
    return pump([&] { return listener->story == story; });
  }
  bool ends_with(Cause cause, std::uint16_t code) {
    pump([this] { return listener->closed.has_value(); });
    return listener->closed == WebSocketClosed{cause, code};
  }
  std::uint64_t writes() {
    return metrics.counter("rubricon_net_websocket_writes_total", "").value();
  }

  WebSocketOptions options;
  std::shared_ptr<Listener> listener = std::make_shared<Listener>();
  std::shared_ptr<WebSocketConnection> connection;
  std::function<void()> greet;
  bool started = false;
};

TEST_F(TcpWebSocketTest, shakes_hands_with_the_headers_of_the_application_and_no_extension) {
  serve();
  auto client = connect();
  client.send(upgrade_request);
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 101u);
  EXPECT_TRUE(answer.has("Upgrade: websocket"));
  EXPECT_TRUE(answer.has("Connection: Upgrade"));
  EXPECT_TRUE(answer.has("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
  EXPECT_TRUE(answer.has("X-Kit: 1"));
  EXPECT_FALSE(answer.head.contains("Extensions"));
}

TEST_F(TcpWebSocketTest, messages_travel_both_ways) {
  auto client = open();
  client.send(client_frame(final_frame | opcode::text, "評分") +
              client_frame(final_frame | opcode::binary, "\1\2"));
  EXPECT_TRUE(hears("text:評分 binary:\1\2 "));
  EXPECT_TRUE(connection->send(text_frame("answer")));
  EXPECT_TRUE(connection->send(binary_frame(std::string(70'000, 'b'))));
  EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::text, "answer"}));
  EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::binary, std::string(70'000, 'b')}));
}

TEST_F(TcpWebSocketTest, frames_that_come_with_the_upgrade_request_are_not_lost) {
  serve();
  auto client = connect();
  const auto first = client_frame(final_frame | opcode::text, "early");
  client.send(upgrade_request + first +
              client_frame(final_frame | opcode::text, "birds").substr(0, 3));
  EXPECT_TRUE(hears("text:early "));
  client.send(client_frame(final_frame | opcode::text, "birds").substr(3));
  EXPECT_TRUE(hears("text:early text:birds "));
  started = true;
}

TEST_F(TcpWebSocketTest, what_is_sent_on_opening_leaves_with_the_handshake_in_one_write) {
  greet = [this] {
    connection->send(text_frame("0{}"));
    connection->send(text_frame("second"));
  };
  auto client = open();
  EXPECT_EQ(frame(client).payload, "0{}");
  EXPECT_EQ(frame(client).payload, "second");
  EXPECT_EQ(writes(), 1u);
}

TEST_F(TcpWebSocketTest, everything_queued_in_one_step_leaves_in_one_write) {
  auto client = open();
  const auto before = writes();
  for (int i = 0; i < 10; ++i) connection->send(text_frame(std::to_string(i)));
  EXPECT_EQ(connection->queued_bytes(), 30u);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(frame(client).payload, std::to_string(i));
  EXPECT_EQ(writes() - before, 1u);
  EXPECT_EQ(connection->queued_bytes(), 0u);
  EXPECT_GE(listener->drained, 1);
}

TEST_F(TcpWebSocketTest, one_shared_frame_is_sent_to_many_and_freed_after) {
  auto first = open();
  const auto first_connection = connection;
  const auto second_listener = std::make_shared<Listener>();
  auto second = connect();
  second.send(upgrade_request);
  EXPECT_EQ(second.answer().status, 101u);
  const auto shared = text_frame("to all");
  first_connection->send(shared);
  connection->send(shared);
  EXPECT_EQ(frame(first).payload, "to all");
  EXPECT_EQ(frame(second).payload, "to all");
  EXPECT_EQ(shared.use_count(), 1);
  first_connection->abort();
  EXPECT_TRUE(pump([this] { return listener->closed_calls == 1; }));
  listener->closed_calls = 0;  // the second connection shares the listener
}

TEST_F(TcpWebSocketTest, answers_pings_with_their_payload) {
  auto client = open();
  client.send(client_frame(final_frame | opcode::ping, "are you there"));
  EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::pong, "are you there"}));
  client.send(client_frame(final_frame | opcode::pong, "unasked") +
              client_frame(final_frame | opcode::text, "ok"));
  EXPECT_TRUE(hears("text:ok "));
}

TEST_F(TcpWebSocketTest, a_flood_of_pings_ends_the_connection_with_1008) {
  options.control_frames_per_second_max = 10;
  auto client = open();
  for (int i = 0; i < 11; ++i) client.send(client_frame(final_frame | opcode::ping, ""));
  EXPECT_TRUE(ends_with(Cause::protocol_error, close_policy));
  ServerFrame last;
  do last = frame(client);
  while (last.first == (final_frame | opcode::pong));
  EXPECT_EQ(last, (ServerFrame{final_frame | opcode::close, close_payload(1008)}));
}

TEST_F(TcpWebSocketTest, the_peers_close_frame_is_answered_with_its_code) {
  for (const std::uint16_t code : {std::uint16_t{1000}, std::uint16_t{4001}}) {
    listener = std::make_shared<Listener>();
    auto client = open();
    client.send(client_frame(final_frame | opcode::close, close_payload(code, "bye")));
    EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::close, close_payload(code)}));
    EXPECT_TRUE(client.wait_closed());
    EXPECT_FALSE(client.reset);
    EXPECT_TRUE(ends_with(Cause::by_peer, code));
    EXPECT_FALSE(connection->send(text_frame("late")));
  }
  listener = std::make_shared<Listener>();
  auto client = open();
  client.send(client_frame(final_frame | opcode::close, ""));
  EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::close, ""}));
  EXPECT_TRUE(ends_with(Cause::by_peer, close_no_status));
}

TEST_F(TcpWebSocketTest, close_sends_what_is_queued_then_the_close_frame_and_awaits_the_answer) {
  auto client = open();
  connection->send(text_frame("last words"));
  connection->close(1001, "server is going away");
  EXPECT_FALSE(connection->is_open());
  EXPECT_FALSE(connection->send(text_frame("too late")));
  connection->close(1000);
  EXPECT_EQ(frame(client).payload, "last words");
  EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::close,
                                        close_payload(1001, "server is going away")}));
  client.send(client_frame(final_frame | opcode::text, "crossed on the way"));
  idle(5ms);
  EXPECT_FALSE(listener->closed);
  client.send(client_frame(final_frame | opcode::close, close_payload(1001)));
  EXPECT_TRUE(client.wait_closed());
  EXPECT_TRUE(ends_with(Cause::by_us, 1001));
  EXPECT_EQ(listener->story, "");
}

TEST_F(TcpWebSocketTest, a_close_without_code_is_an_empty_frame) {
  auto client = open();
  connection->close();
  EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::close, ""}));
  client.close();
  EXPECT_TRUE(ends_with(Cause::by_us, close_no_status));
}

TEST_F(TcpWebSocketTest, a_peer_that_does_not_answer_the_close_frame_is_dropped) {
  options.close_timeout = 50ms;
  auto client = open();
  connection->close(1000);
  EXPECT_TRUE(ends_with(Cause::timed_out, close_abnormal));
  EXPECT_TRUE(client.wait_closed());
}

TEST_F(TcpWebSocketTest, broken_rules_end_the_connection_with_their_code) {
  options.limits.message_bytes_max = 100;
  const std::vector<std::pair<std::string, std::uint16_t>> cases = {
      {std::string("\x81\x02hi"), 1002},
      {client_frame(final_frame | opcode::text, "\xFF"), 1007},
      {client_frame(final_frame | opcode::binary, std::string(101, 'x')), 1009},
      {client_frame(final_frame | opcode::close, close_payload(1005)), 1002}};
  for (const auto& [bytes, code] : cases) {
    listener = std::make_shared<Listener>();
    auto client = open();
    client.send(bytes + std::string(100'000, 'x'));
    EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::close, close_payload(code)}));
    EXPECT_TRUE(ends_with(Cause::protocol_error, code));
    client.shutdown_send();
    EXPECT_TRUE(client.wait_closed());
    EXPECT_FALSE(client.reset);
  }
}

TEST_F(TcpWebSocketTest, a_lost_connection_is_told_as_lost) {
  auto client = open();
  client.close();
  EXPECT_TRUE(ends_with(Cause::lost, close_abnormal));
  listener = std::make_shared<Listener>();
  auto other = open();
  other.reset_connection();
  EXPECT_TRUE(ends_with(Cause::lost, close_abnormal));
  EXPECT_FALSE(connection->send(text_frame("x")));
  connection->close();
  connection->abort();
}

TEST_F(TcpWebSocketTest, abort_tells_the_listener_in_a_later_step) {
  auto client = open();
  connection->abort();
  EXPECT_FALSE(listener->closed);
  EXPECT_TRUE(ends_with(Cause::aborted, close_abnormal));
  EXPECT_TRUE(client.wait_closed());
}

TEST_F(TcpWebSocketTest, a_listener_may_close_or_abort_while_it_is_called) {
  for (const bool by_abort : {false, true}) {
    listener = std::make_shared<Listener>();
    auto client = open();
    listener->then = [&] { by_abort ? connection->abort() : connection->close(1000); };
    client.send(client_frame(final_frame | opcode::text, "1") +
                client_frame(final_frame | opcode::text, "2"));
    if (by_abort) {
      EXPECT_TRUE(ends_with(Cause::aborted, close_abnormal));
    } else {
      EXPECT_EQ(frame(client).first, final_frame | opcode::close);
      client.send(client_frame(final_frame | opcode::close, close_payload(1000)));
      EXPECT_TRUE(ends_with(Cause::by_us, 1000));
    }
    EXPECT_EQ(listener->story, "text:1 ");
  }
}

TEST_F(TcpWebSocketTest, a_listener_that_throws_loses_its_connection_only) {
  auto client = open();
  client.send(client_frame(final_frame | opcode::text, "throw") +
              client_frame(final_frame | opcode::text, "x"));
  EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::close, close_payload(1011)}));
  EXPECT_TRUE(ends_with(Cause::protocol_error, 1011));
}

TEST_F(TcpWebSocketTest, a_slow_peer_fills_a_bounded_queue_and_gets_all_of_it_in_order) {
  options.send_queue_bytes_max = 500'000;
  options.send_high_water_bytes = 200'000;
  auto client = open();
  int sent = 0;
  // The kernel takes some megabytes; then our queue fills.
  for (int refused = 0; refused < 3; idle(0ms)) {
    if (connection->send(binary_frame(fmt::format("{:09}", sent) + std::string(60'000, 'x')))) {
      ++sent;
    } else {
      ++refused;
    }
    EXPECT_LE(connection->queued_bytes(), 500'000u);
  }
  EXPECT_EQ(listener->high_water, 1);
  EXPECT_TRUE(connection->is_open());
  const int drained = listener->drained;
  for (int i = 0; i < sent; ++i) {
    ASSERT_EQ(frame(client).payload.substr(0, 9), fmt::format("{:09}", i));
  }
  EXPECT_TRUE(pump([&] { return listener->drained > drained; }));
  EXPECT_EQ(connection->queued_bytes(), 0u);
}

TEST_F(TcpWebSocketTest, a_peer_that_takes_nothing_is_dropped) {
  options.write_timeout = 50ms;
  options.send_queue_bytes_max = 16 * 1024 * 1024;
  auto client = open();
  while (connection->send(binary_frame(std::string(1024 * 1024, 'x')))) {
  }
  EXPECT_TRUE(ends_with(Cause::timed_out, close_abnormal));
}

TEST_F(TcpWebSocketTest, a_closing_peer_that_reads_nothing_is_dropped) {
  options.close_timeout = 50ms;
  options.send_queue_bytes_max = 16 * 1024 * 1024;
  auto client = open();
  while (connection->send(binary_frame(std::string(1024 * 1024, 'x')))) {
  }
  connection->close(1000);
  EXPECT_TRUE(ends_with(Cause::timed_out, close_abnormal));
}

TEST_F(TcpWebSocketTest, a_peers_close_frame_overtakes_what_it_did_not_take) {
  options.send_queue_bytes_max = 16 * 1024 * 1024;
  auto client = open();
  const std::string large(1024 * 1024, 'x');
  while (connection->send(binary_frame(large))) {
  }
  idle(5ms);
  client.send(client_frame(final_frame | opcode::close, close_payload(1000)));
  EXPECT_TRUE(ends_with(Cause::by_peer, 1000));
  ServerFrame last;
  int frames = 0;
  do {
    last = frame(client);
    ++frames;
  } while (last.first == (final_frame | opcode::binary));
  EXPECT_EQ(last, (ServerFrame{final_frame | opcode::close, close_payload(1000)}));
  EXPECT_LT(frames, 16);
}

TEST_F(TcpWebSocketTest, malformed_handshakes_never_reach_the_application) {
  serve();
  handler.on_upgrade = [](std::shared_ptr<HttpExchange>) -> UpgradeAnswer {
    ADD_FAILURE();
    return problem_response(500, "reached");
  };
  const auto with = [](std::string from, const std::string& to) {
    auto request = upgrade_request;
    return request.replace(request.find(from), from.size(), to);
  };
  for (const auto& [request, status] : std::vector<std::pair<std::string, unsigned>>{
           {with("Version: 13", "Version: 8"), 426},
           {with("Sec-WebSocket-Version: 13\r\n", ""), 426},
           {with("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ=="), 400},
           {with("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZR=="), 400},
           {with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), 400},
           {with("GET /ws", "POST /ws"), 400},
           {with("Host: x", "Host: x\r\nContent-Length: 3"), 400}}) {
    auto client = connect();
    client.send(request);
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, status) << request;
    EXPECT_TRUE(answer.has("Connection: close"));
    client.shutdown_send();
    EXPECT_TRUE(client.wait_closed());
  }
}

TEST_F(TcpWebSocketTest, a_refused_upgrade_is_answered_and_closed) {
  serve();
  handler.on_upgrade = [](std::shared_ptr<HttpExchange>) -> UpgradeAnswer {
    return HttpResponse{.status = 400, .headers = {{"Content-Type", "text/html"}}, .body = "no"};
  };
  auto client = connect();
  client.send(upgrade_request + client_frame(final_frame | opcode::text, "early"));
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(answer.body, "no");
  EXPECT_TRUE(answer.has("Connection: close"));
  client.shutdown_send();
  EXPECT_TRUE(client.wait_closed());
}

TEST_F(TcpWebSocketTest, a_connection_that_the_application_lets_go_is_closed) {
  serve();
  handler.on_upgrade = [](std::shared_ptr<HttpExchange>) -> UpgradeAnswer {
    return WebSocketAccept{.opened = [](std::shared_ptr<WebSocketConnection> connection) {
      connection->close(4000);  // never started
    }};
  };
  auto client = connect();
  client.send(upgrade_request);
  EXPECT_EQ(client.answer().status, 101u);
  EXPECT_EQ(frame(client), (ServerFrame{final_frame | opcode::close, close_payload(4000)}));
  EXPECT_TRUE(client.wait_closed());
}

TEST_F(TcpWebSocketTest, survives_peers_that_vanish_during_the_handshake) {
  // A reset at the worst moment must not reach the process as a signal or an exception.
  for (int i = 0; i < 20; ++i) {
    listener = std::make_shared<Listener>();
    if (!server) serve();
    auto client = connect();
    client.send(upgrade_request);
    for (int steps = 0; steps < i % 5; ++steps) {
      io.restart();
      io.poll_one();
    }
    client.reset_connection();
    EXPECT_TRUE(pump([this] { return server->connections() == 0; }));
  }
}

TEST_F(TcpWebSocketTest, drain_drops_what_is_still_open_at_the_deadline) {
  auto client = open();
  drain(20ms);
  EXPECT_TRUE(ends_with(Cause::aborted, close_abnormal));
  EXPECT_TRUE(client.wait_closed());
}

}  // namespace
}  // namespace rubricon::net
