// tests: engine_responses.cpp
// tests: engine_state.cpp
#include <rubricon/socketio_server/engine_server.hpp>
#include <rubricon/socketio_server/engine_socket.hpp>

#include "fake_net_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace rubricon::socketio_server {
namespace {

using ::testing::ElementsAre;
using testing::FakeExchange;
using testing::FakeWebSocket;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class EngineServerTest : public testing::FakeNetTest {
 protected:
  class Recorder final : public EngineListener {
   public:
    explicit Recorder(EngineServerTest& test) : test_(test) {}
    void on_text(std::string_view text) override { test_.heard.emplace_back(text); }
    void on_binary(std::string bytes) override { test_.heard.push_back("<" + bytes + ">"); }
    void on_closed(socketio::Reason reason) override {
      test_.heard.push_back(std::string("closed: ") + to_string(reason));
    }
    bool keep_slow(std::size_t) override { return test_.keep_slow; }

   private:
    EngineServerTest& test_;
  };

  void serve(EngineOptions options = {}) {
    engine = std::make_unique<EngineServer>(
        io.get_executor(), environment(), std::move(options),
        [this](const std::shared_ptr<EngineSocket>& socket, const auto& handshake) {
          sockets.push_back(socket);
          handshakes.push_back(handshake);
          return std::make_shared<Recorder>(*this);
        });
  }
  EngineSocket& socket() { return *sockets.back(); }
  static std::string body(const Answer& answer) {
    return *answer ? std::string((*answer)->body.view()) : "no answer yet";
  }
  unsigned status(const Answer& answer) { return *answer ? (*answer)->status : 0; }

  std::unique_ptr<EngineServer> engine;
  std::vector<std::shared_ptr<EngineSocket>> sockets;
  std::vector<std::shared_ptr<const socketio::Handshake>> handshakes;
  std::vector<std::string> heard;
  bool keep_slow = false;
};

TEST_F(EngineServerTest, speaks_by_polling) {
  serve();
  const auto sid = open_polling(*engine);
  const auto poll = get(*engine, session_query(sid));
  EXPECT_EQ(body(poll), "no answer yet");
  EXPECT_EQ(body(post(*engine, session_query(sid),
                      "4hello\x1e"
                      "bAQ==")),
            "ok");
  EXPECT_THAT(heard, ElementsAre("hello", "<\1>"));
  socket().send_text("back");
  run();
  EXPECT_EQ(body(poll), "4back");
  EXPECT_EQ(engine->counters().packets_in_total, 2u);
}

TEST_F(EngineServerTest, tells_the_application_who_came) {
  serve();
  auto exchange = std::make_shared<FakeExchange>("GET", "EIO=4&transport=polling&room=7", "");
  exchange->mutable_head().headers.add("X-Forwarded-Nonsense", "Yes");
  request(*engine, exchange);
  const auto& handshake = *handshakes.back();
  EXPECT_EQ(*handshake.query.find("room"), "7");
  EXPECT_EQ(handshake.header("x-forwarded-nonsense"), "Yes");
  EXPECT_EQ(handshake.remote_address, "192.0.2.1");
  EXPECT_EQ(handshake.url, "/socket.io/?EIO=4&transport=polling&room=7");
}

TEST_F(EngineServerTest, names_itself_in_its_session_ids) {
  serve({.sid_prefix = "g7"});
  EXPECT_EQ(open_polling(*engine).substr(0, 2), "g7");
  EXPECT_THROW(serve({.sid_prefix = "toolong"}), std::invalid_argument);
}

TEST_F(EngineServerTest, ends_a_session_with_the_connection_of_its_poll) {
  serve();
  const auto sid = open_polling(*engine);
  const auto exchange = std::make_shared<FakeExchange>("GET", session_query(sid), "");
  const auto poll = request(*engine, exchange);
  exchange->lost();
  run();
  EXPECT_TRUE(poll->has_value());
  EXPECT_THAT(heard, ElementsAre("closed: transport close"));
  EXPECT_EQ(status(get(*engine, session_query(sid))), 400u);
}

TEST_F(EngineServerTest, upgrades_a_session) {
  serve();
  const auto sid = open_polling(*engine);
  const auto query = "EIO=4&transport=websocket&sid=" + sid;
  std::shared_ptr<FakeWebSocket> websocket;
  EXPECT_EQ(upgrade(*engine, std::make_shared<FakeExchange>("GET", query, ""), websocket), 101u);
  websocket->say("2probe");
  socket().send_text("queued");
  websocket->say("5");
  EXPECT_THAT(websocket->heard(), ElementsAre("3probe", "4queued"));
  EXPECT_EQ(engine->counters().upgrades_total, 1u);
  EXPECT_EQ(engine->counters().polling_now, 0u);
  EXPECT_EQ(engine->counters().websocket_now, 1u);
  std::shared_ptr<FakeWebSocket> second;
  EXPECT_EQ(upgrade(*engine, std::make_shared<FakeExchange>("GET", query, ""), second), 101u);
  EXPECT_EQ(second->close_code, net::close_no_status);
  EXPECT_EQ(websocket->close_code, std::nullopt);
  websocket->go_away();
  EXPECT_EQ(engine->counters().websocket_now, 0u);
}

TEST_F(EngineServerTest, refuses_pages_of_other_hosts) {
  serve();
  auto exchange = std::make_shared<FakeExchange>("GET", "EIO=4&transport=websocket", "");
  exchange->mutable_head().headers.add("Origin", "https://evil.test");
  std::shared_ptr<FakeWebSocket> websocket;
  EXPECT_EQ(upgrade(*engine, exchange, websocket), 403u);
}

// Goal: S7 of docs/security.md; a session that is already open is no way in either.
TEST_F(EngineServerTest, with_a_list_pages_of_other_origins_cannot_poll) {
  serve({.origins = {.kind = OriginPolicy::Kind::list, .allowed = {"https://a.test"}}});
  const auto poll = [this](const char* origin, const std::string& query) {
    auto exchange = std::make_shared<FakeExchange>("GET", query, "");
    exchange->mutable_head().headers.add("Origin", origin);
    return status(request(*engine, exchange));
  };
  EXPECT_EQ(poll("https://a.test", "EIO=4&transport=polling"), 200u);
  EXPECT_EQ(poll("https://evil.test", "EIO=4&transport=polling"), 403u);
  EXPECT_EQ(poll("null", "EIO=4&transport=polling"), 403u);
  EXPECT_EQ(poll("https://evil.test", session_query(open_polling(*engine))), 403u);
}

TEST_F(EngineServerTest, refuses_more_sessions_than_it_may_have) {
  serve({.connections_max = 1});
  open_polling(*engine);
  EXPECT_EQ(status(get(*engine, "EIO=4&transport=polling")), 503u);
  std::shared_ptr<FakeWebSocket> websocket;
  const auto query = "EIO=4&transport=websocket";
  EXPECT_EQ(upgrade(*engine, std::make_shared<FakeExchange>("GET", query, ""), websocket), 503u);
}

// Goal: polling sessions need no open connection, so they are counted by address here.
TEST_F(EngineServerTest, refuses_more_sessions_than_one_address_may_have) {
  serve({.connections_per_address_max = 1});
  const auto sid = open_polling(*engine);
  EXPECT_EQ(status(get(*engine, "EIO=4&transport=polling")), 503u);
  auto elsewhere = std::make_shared<FakeExchange>("GET", "EIO=4&transport=polling", "");
  elsewhere->mutable_head().remote_address = "192.0.2.2";
  EXPECT_EQ(status(request(*engine, elsewhere)), 200u);
  post(*engine, session_query(sid), "1");
  EXPECT_EQ(status(get(*engine, "EIO=4&transport=polling")), 200u);
  // Whoever has one IPv6 address has the whole /64.
  const auto open_from = [&](const char* address) {
    auto exchange = std::make_shared<FakeExchange>("GET", "EIO=4&transport=polling", "");
    exchange->mutable_head().remote_address = address;
    return status(request(*engine, exchange));
  };
  EXPECT_EQ(open_from("2001:db8::1"), 200u);
  EXPECT_EQ(open_from("2001:db8::2"), 503u);
  EXPECT_EQ(open_from("2001:db8:0:1::2"), 200u);
}

// Goal: queues are bounded; each kind of delivery gives way in its turn.
TEST_F(EngineServerTest, sheds_and_then_closes_when_a_client_is_slow) {
  serve({.queue_bytes_max = 1'000, .queue_bytes_ephemeral = 500});
  const auto websocket = open_websocket(*engine);
  const auto packet = socketio::OutboundPacket::text("4x");
  const auto send = [&](Delivery delivery) { return socket().send({&packet, 1}, delivery); };
  EXPECT_EQ(send(Delivery::volatile_), EmitStatus::queued);
  websocket->queued = 501;
  EXPECT_EQ(send(Delivery::ephemeral), EmitStatus::shed);
  EXPECT_EQ(send(Delivery::reliable), EmitStatus::queued);
  websocket->queued = 20'000;
  EXPECT_EQ(send(Delivery::volatile_), EmitStatus::shed);
  keep_slow = true;
  EXPECT_EQ(send(Delivery::reliable), EmitStatus::queued);
  keep_slow = false;
  EXPECT_EQ(send(Delivery::reliable), EmitStatus::closed);
  EXPECT_EQ(websocket->close_code, 1013);
  EXPECT_THAT(heard, ElementsAre("closed: slow consumer"));
  EXPECT_EQ(engine->counters().shed_total, 2u);
  EXPECT_EQ(send(Delivery::reliable), EmitStatus::closed);
}

TEST_F(EngineServerTest, closes_when_the_transport_loses_a_packet) {
  serve();
  const auto websocket = open_websocket(*engine);
  websocket->full = true;
  socket().send_text("x");
  EXPECT_THAT(heard, ElementsAre("closed: slow consumer"));
}

TEST_F(EngineServerTest, drops_volatile_packets_without_a_poll) {
  serve();
  open_polling(*engine);
  const auto packet = socketio::OutboundPacket::text("4x");
  EXPECT_EQ(socket().send({&packet, 1}, Delivery::volatile_), EmitStatus::shed);
  EXPECT_EQ(socket().queued_bytes(), 0u);
}

TEST_F(EngineServerTest, ends_clients_that_say_too_much) {
  serve({.packet_rate = {.per_second = 1, .burst = 2}});
  const auto websocket = open_websocket(*engine);
  for (int i = 0; i < 3; ++i) websocket->say("4x");
  EXPECT_THAT(heard, ElementsAre("x", "x", "closed: rate limit"));
  EXPECT_EQ(websocket->close_code, 1008);
}

TEST_F(EngineServerTest, closes_all_and_lets_nobody_in) {
  serve();
  const auto websocket = open_websocket(*engine);
  const auto sid = open_polling(*engine);
  const auto poll = get(*engine, session_query(sid));
  const auto without_poll = open_polling(*engine);
  complete(engine->close_all({.over = 40ms, .grace = 60ms}));
  EXPECT_EQ(websocket->close_code, net::close_no_status);
  EXPECT_EQ(body(poll), "1");
  EXPECT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0], "closed: server shutting down");
  EXPECT_EQ(status(get(*engine, "EIO=4&transport=polling")), 503u);
  EXPECT_EQ(status(get(*engine, session_query(without_poll))), 400u);
}

// Goal: whoever asks later than interval and timeout finds the session gone, however late the
// timers are. (None fires in this test.)
TEST_F(EngineServerTest, ends_an_overdue_session_at_the_next_request) {
  serve({.ping_interval = 300ms, .ping_timeout = 200ms});
  const auto sid = open_polling(*engine);
  now += 330ms;
  EXPECT_EQ(body(get(*engine, session_query(sid))), "2");
  now += 170ms;
  EXPECT_EQ(status(get(*engine, session_query(sid))), 400u);
  EXPECT_THAT(heard, ElementsAre("closed: ping timeout"));
}

/// As the real one, with real time: `now` is a clock that moves.
TEST_F(EngineServerTest, pings_by_its_timer) {
  Environment real = environment();
  real.now = [] { return std::chrono::steady_clock::now(); };
  EngineServer server(
      io.get_executor(), real, {.ping_interval = 20ms, .ping_timeout = 10ms},
      [this](const auto&, const auto&) { return std::make_shared<Recorder>(*this); });
  const auto websocket = open_websocket(server);
  websocket->heard();
  io.restart();
  io.run_for(200ms);
  EXPECT_THAT(websocket->heard(), ElementsAre("2"));
  EXPECT_THAT(heard, ElementsAre("closed: ping timeout"));
}

// Goal: WebSockets that outlive the server (it was destroyed too early) find no ruins.
TEST_F(EngineServerTest, may_go_before_its_websockets) {
  serve();
  const auto websocket = open_websocket(*engine);
  sockets.clear();
  engine.reset();
  EXPECT_FALSE(websocket->is_open());
  websocket->go_away();
  EXPECT_THAT(heard, IsEmpty());
}

// Goal: the application's gate of §1.3: code 4, with its own words or the protocol's.
TEST_F(EngineServerTest, lets_the_application_refuse_a_session) {
  EngineOptions options;
  std::vector<std::string> asked;
  using Kind = SessionRefusal::Kind;
  options.allow_request =
      [&](const socketio::Handshake& handshake) -> std::optional<SessionRefusal> {
    asked.emplace_back(*handshake.query.find("who"));
    if (asked.back() == "ann") return std::nullopt;
    return {{Kind::forbidden, asked.back() == "bob" ? "not \"you\"" : ""}};
  };
  serve(std::move(options));
  const auto refused = get(*engine, "EIO=4&transport=polling&who=bob");
  EXPECT_EQ(status(refused), 403u);
  EXPECT_EQ(body(refused), R"({"code":4,"message":"not \"you\""})");
  EXPECT_EQ(body(get(*engine, "EIO=4&transport=polling&who=eve")),
            R"({"code":4,"message":"Forbidden"})");
  const std::string query = "EIO=4&transport=websocket&who=";
  std::shared_ptr<FakeWebSocket> websocket;
  const auto by_upgrade = [&](const std::string& who) {
    return upgrade(*engine, std::make_shared<FakeExchange>("GET", query + who, ""), websocket);
  };
  EXPECT_EQ(by_upgrade("bob"), 400u);
  EXPECT_THAT(sockets, IsEmpty());
  EXPECT_EQ(engine->counters().handshakes_refused_total, 3u);
  EXPECT_EQ(by_upgrade("ann"), 101u);
  EXPECT_EQ(status(get(*engine, "EIO=3&transport=polling&who=eve")), 400u);
  EXPECT_THAT(asked, ElementsAre("bob", "eve", "bob", "ann"));
  // Later requests of a session are not asked about.
  const auto opened = get(*engine, "EIO=4&transport=polling&who=ann");
  get(*engine, session_query(body(opened).substr(9, 20)));
  EXPECT_EQ(asked.size(), 5u);
}

// Goal: a server that takes nobody now says so by a status that makes a proxy ask another one.
TEST_F(EngineServerTest, a_session_that_is_to_go_elsewhere_is_refused_with_503) {
  EngineOptions options;
  options.allow_request = [](const auto&) -> std::optional<SessionRefusal> {
    return {{SessionRefusal::Kind::elsewhere, "not now"}};
  };
  serve(std::move(options));
  const auto refused = get(*engine, "EIO=4&transport=polling");
  EXPECT_EQ(status(refused), 503u);
  EXPECT_EQ(body(refused), R"({"code":4,"message":"not now"})");
  std::shared_ptr<FakeWebSocket> websocket;
  const auto request = std::make_shared<FakeExchange>("GET", "EIO=4&transport=websocket", "");
  EXPECT_EQ(upgrade(*engine, request, websocket), 503u);
  EXPECT_THAT(sockets, IsEmpty());
}

}  // namespace
}  // namespace rubricon::socketio_server
