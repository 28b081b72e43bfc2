#include <rubricon/socketio/engine_session.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rubricon::socketio {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using Script = std::vector<std::string>;

std::string describe(const EngineAction& action) {
  struct {
    std::string operator()(const AnswerPoll& a) { return "poll:" + encode_payload(a.packets); }
    std::string operator()(const AbortPost&) { return "abort post"; }
    std::string operator()(const SendFrame& a) {
      const std::string link = a.link == Link::current ? "ws:" : "candidate:";
      return link + (a.packet.is_binary() ? "<" + std::string(a.packet.payload()) + ">"
                                          : std::string(a.packet.payload()));
    }
    std::string operator()(const CloseWebSocket& a) {
      return a.link == Link::current ? "close ws" : "close candidate";
    }
    std::string operator()(const Promote&) { return "promote"; }
    std::string operator()(const DeliverText& a) { return "text " + std::string(a.text); }
    std::string operator()(const DeliverBinary& a) { return "binary " + a.bytes; }
    std::string operator()(const SessionClosed& a) {
      return "closed: " + std::string(to_string(a.reason));
    }
    std::string operator()(const SessionGone&) { return "gone"; }
  } visitor;
  return std::visit(visitor, action);
}

/// A session on a clock of its own; `done()` tells what it asked for since the last time.
class EngineSessionTest : public testing::Test {
 protected:
  SessionLimits limits{.ping_interval = milliseconds(300),
                       .ping_timeout = milliseconds(200),
                       .upgrade_timeout = milliseconds(1'000),
                       .drain_timeout = milliseconds(5'000),
                       .packet_rate = {}};
  base::Instant now{};
  EngineActions out;
  EngineSession polling{limits, EngineTransport::polling, now, false};
  EngineSession websocket{limits, EngineTransport::websocket, now, false};

  Script done() {
    Script script;
    for (const auto& action : out) script.push_back(describe(action));
    out.clear();
    return script;
  }
  /// Lets time pass, calling `on_time` exactly when the session asked for it.
  Script pass(EngineSession& session, milliseconds duration) {
    const auto end = now + duration;
    while (session.deadline() <= end) {
      now = session.deadline();
      session.on_time(now, out);
    }
    now = end;
    return done();
  }
  Script post(EngineSession& session, std::string_view body) {
    EXPECT_TRUE(session.post_begin(out));
    session.post_end(body, now, out);
    return done();
  }
  void probe(EngineSession& session) {
    session.attach(now);
    session.websocket_text(Link::candidate, "2probe", now, out);
  }
};

// Goal: reference 1.5, a held poll gets what is sent, an empty one waits.
TEST_F(EngineSessionTest, answers_a_poll_when_there_is_something) {
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(done(), IsEmpty());
  polling.send(OutboundPacket::text("4a"), out);
  EXPECT_THAT(done(), ElementsAre("poll:4a"));
  polling.send(OutboundPacket::text("4b"), out);
  polling.send(OutboundPacket::binary("\1"), out);
  EXPECT_THAT(done(), IsEmpty());
  EXPECT_GT(polling.queued_bytes(), 3u);
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(done(), ElementsAre("poll:4b\x1e"
                                  "bAQ=="));
  EXPECT_EQ(polling.queued_bytes(), 0u);
}

// Goal: reference 1.5, the first gets `1`, the second 400, and the session is gone.
TEST_F(EngineSessionTest, ends_at_a_second_poll) {
  EXPECT_TRUE(polling.poll(out));
  EXPECT_FALSE(polling.poll(out));
  EXPECT_THAT(done(), ElementsAre("poll:1", "closed: transport error", "gone"));
  EXPECT_FALSE(polling.poll(out));
}

TEST_F(EngineSessionTest, ends_when_the_polls_connection_is_lost) {
  EXPECT_TRUE(polling.poll(out));
  polling.poll_lost(out);
  EXPECT_THAT(done(), ElementsAre("closed: transport close", "gone"));
}

// Goal: reference 1.6, packets in order; after a bad one, nothing.
TEST_F(EngineSessionTest, takes_the_packets_of_a_post_in_order) {
  EXPECT_THAT(post(polling,
                   "4a\x1e"
                   "bAQ==\x1e"
                   "4b"),
              ElementsAre("text a", "binary \1", "text b"));
  EXPECT_THAT(post(polling,
                   "4a\x1e"
                   "x\x1e"
                   "4b"),
              ElementsAre("text a", "closed: parse error", "gone"));
}

TEST_F(EngineSessionTest, ends_at_an_empty_post) {
  EXPECT_THAT(post(polling, ""), ElementsAre("closed: parse error", "gone"));
}

// Goal: reference 1.6, a second POST ends the session and the first one's connection.
TEST_F(EngineSessionTest, ends_at_a_second_post) {
  EXPECT_TRUE(polling.post_begin(out));
  EXPECT_FALSE(polling.post_begin(out));
  EXPECT_THAT(done(), ElementsAre("abort post", "closed: transport error", "gone"));
}

TEST_F(EngineSessionTest, survives_a_post_that_is_too_large) {
  EXPECT_TRUE(polling.post_begin(out));
  polling.post_too_large();
  EXPECT_THAT(post(polling, "4a"), ElementsAre("text a"));
}

TEST_F(EngineSessionTest, ends_at_a_post_that_breaks_off) {
  EXPECT_TRUE(polling.post_begin(out));
  polling.post_failed(Reason::transport_error, out);
  EXPECT_THAT(done(), ElementsAre("closed: transport error", "gone"));
}

// Goal: reference 1.5 and 1.6, `6` ends the poll of a client that asked to close.
TEST_F(EngineSessionTest, ends_when_the_client_says_so) {
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(post(polling, "1"), ElementsAre("poll:6", "closed: transport close", "gone"));
  websocket.websocket_text(Link::current, "1", now, out);
  EXPECT_THAT(done(), ElementsAre("close ws", "closed: transport close", "gone"));
}

// Goal: reference 1.7, what an open WebSocket does with each type.
TEST_F(EngineSessionTest, ignores_types_without_meaning) {
  for (const char* text : {"0", "3", "5", "6", "0{}"}) {
    websocket.websocket_text(Link::current, text, now, out);
  }
  EXPECT_THAT(done(), IsEmpty());
  websocket.websocket_text(Link::current, "bAQ==", now, out);
  websocket.websocket_binary(Link::current, "\2", now, out);
  websocket.websocket_text(Link::current, "4x", now, out);
  EXPECT_THAT(done(), ElementsAre("binary \1", "binary \2", "text x"));
}

TEST_F(EngineSessionTest, ends_at_a_clients_ping) {
  websocket.websocket_text(Link::current, "2", now, out);
  EXPECT_THAT(done(), ElementsAre("close ws", "closed: transport error", "gone"));
}

TEST_F(EngineSessionTest, ends_at_a_packet_it_cannot_read) {
  for (const char* text : {"", "9", "b!"}) {
    EngineSession session(limits, EngineTransport::websocket, now, false);
    session.websocket_text(Link::current, text, now, out);
    EXPECT_THAT(done(), ElementsAre("close ws", "closed: parse error", "gone")) << text;
  }
}

// Goal: reference 1.9, ping after the interval, end after the timeout: 500 ms in all.
TEST_F(EngineSessionTest, pings_and_ends_without_a_pong) {
  EXPECT_THAT(pass(websocket, milliseconds(299)), IsEmpty());
  EXPECT_THAT(pass(websocket, milliseconds(1)), ElementsAre("ws:2"));
  EXPECT_THAT(pass(websocket, milliseconds(199)), IsEmpty());
  EXPECT_THAT(pass(websocket, milliseconds(1)),
              ElementsAre("close ws", "closed: ping timeout", "gone"));
  EXPECT_THAT(pass(websocket, milliseconds(10'000)), IsEmpty());
}

// Goal: a caller that is late with one deadline does not make the next one later.
TEST_F(EngineSessionTest, counts_the_timeout_from_when_the_ping_was_due) {
  now += milliseconds(360);
  websocket.on_time(now, out);
  EXPECT_THAT(done(), ElementsAre("ws:2"));
  EXPECT_EQ(websocket.deadline(), now + milliseconds(140));
}

// Goal: after a long halt of the process the client still has time to answer.
TEST_F(EngineSessionTest, leaves_half_the_timeout_after_a_ping_that_was_very_late) {
  now += milliseconds(5'000);
  websocket.on_time(now, out);
  EXPECT_THAT(done(), ElementsAre("ws:2"));
  EXPECT_EQ(websocket.deadline(), now + milliseconds(100));
}

TEST_F(EngineSessionTest, lives_as_long_as_it_hears_pongs) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(pass(websocket, milliseconds(300)), ElementsAre("ws:2"));
    now += milliseconds(50);
    websocket.websocket_text(Link::current, "3", now, out);
  }
  EXPECT_TRUE(websocket.open());
}

// Goal: reference 1.9, any other packet extends the wait once.
TEST_F(EngineSessionTest, waits_once_more_when_it_hears_something_else) {
  pass(websocket, milliseconds(300));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(pass(websocket, milliseconds(90)), IsEmpty());
    websocket.websocket_text(Link::current, "4x", now, out);
    EXPECT_THAT(done(), ElementsAre("text x"));
  }
  // The first packet came 90 ms after the ping: the wait ends 290 ms after it.
  EXPECT_THAT(pass(websocket, milliseconds(20)),
              ElementsAre("close ws", "closed: ping timeout", "gone"));
}

TEST_F(EngineSessionTest, pings_through_a_poll) {
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(pass(polling, milliseconds(300)), ElementsAre("poll:2"));
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(post(polling, "3"), IsEmpty());
  EXPECT_THAT(pass(polling, milliseconds(300)), ElementsAre("poll:2"));
}

// Goal: reference 1.8, the whole upgrade with traffic: nothing lost, nothing reordered.
TEST_F(EngineSessionTest, upgrades_and_keeps_the_order) {
  EXPECT_TRUE(polling.poll(out));
  probe(polling);
  EXPECT_THAT(done(), ElementsAre("candidate:3probe", "poll:6"));
  polling.send(OutboundPacket::text("4a"), out);
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(done(), ElementsAre("poll:4a"));
  EXPECT_THAT(post(polling, "4from client"), ElementsAre("text from client"));
  polling.send(OutboundPacket::text("4b"), out);
  polling.send(OutboundPacket::binary("\1"), out);
  EXPECT_THAT(done(), IsEmpty());
  polling.websocket_text(Link::candidate, "5", now, out);
  polling.send(OutboundPacket::text("4c"), out);
  EXPECT_THAT(done(), ElementsAre("promote", "ws:4b", "ws:<\1>", "ws:4c"));
  EXPECT_EQ(polling.transport(), EngineTransport::websocket);
  EXPECT_EQ(polling.queued_bytes(), 0u);
}

// Goal: reference 1.8 step 2, a GET after the probe returns `6` at once.
TEST_F(EngineSessionTest, lets_go_of_polls_while_upgrading) {
  probe(polling);
  done();
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(done(), ElementsAre("poll:6"));
}

// Goal: reference 1.8 step 4, a WebSocket that says something else goes alone.
TEST_F(EngineSessionTest, drops_a_candidate_that_does_not_probe) {
  for (const char* text : {"4hello", "2", "2prob", "", "x"}) {
    polling.attach(now);
    polling.websocket_text(Link::candidate, text, now, out);
    EXPECT_THAT(done(), ElementsAre("close candidate")) << text;
  }
  polling.attach(now);
  polling.websocket_binary(Link::candidate, "x", now, out);
  EXPECT_THAT(done(), ElementsAre("close candidate"));
  EXPECT_TRUE(polling.open());
}

TEST_F(EngineSessionTest, upgrades_without_a_probe) {
  polling.attach(now);
  polling.websocket_text(Link::candidate, "5", now, out);
  EXPECT_THAT(done(), ElementsAre("promote"));
}

// Goal: reference 1.8 step 5, an upgrade that does not come to its end leaves polling alone.
TEST_F(EngineSessionTest, drops_a_candidate_that_takes_too_long) {
  limits.ping_interval = milliseconds(60'000);
  EngineSession session(limits, EngineTransport::polling, now, false);
  session.attach(now);
  EXPECT_FALSE(session.can_attach());
  EXPECT_THAT(pass(session, milliseconds(999)), IsEmpty());
  EXPECT_THAT(pass(session, milliseconds(1)), ElementsAre("close candidate"));
  EXPECT_TRUE(session.can_attach());
  session.attach(now);
  session.websocket_lost(Link::candidate, Reason::transport_close, out);
  EXPECT_THAT(done(), IsEmpty());
  EXPECT_TRUE(session.can_attach());
}

TEST_F(EngineSessionTest, accepts_the_owed_pong_after_the_upgrade) {
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(pass(polling, milliseconds(300)), ElementsAre("poll:2"));
  probe(polling);
  polling.websocket_text(Link::candidate, "5", now, out);
  done();
  EXPECT_THAT(pass(polling, milliseconds(150)), IsEmpty());
  polling.websocket_text(Link::current, "3", now, out);
  EXPECT_THAT(pass(polling, milliseconds(300)), ElementsAre("ws:2"));
}

// Goal: what is held comes later, in order, and before the end.
TEST_F(EngineSessionTest, holds_what_it_is_told_to) {
  websocket.send(OutboundPacket::text("40"), out);
  websocket.hold(now + milliseconds(5));
  websocket.send(OutboundPacket::text("4a"), out);
  websocket.send(OutboundPacket::binary("\1"), out);
  EXPECT_THAT(done(), ElementsAre("ws:40"));
  EXPECT_GT(websocket.queued_bytes(), 0u);
  EXPECT_THAT(pass(websocket, milliseconds(4)), IsEmpty());
  EXPECT_THAT(pass(websocket, milliseconds(1)), ElementsAre("ws:4a", "ws:<\1>"));
  EXPECT_EQ(websocket.queued_bytes(), 0u);
  websocket.hold(now + milliseconds(5));
  websocket.send(OutboundPacket::text("4last"), out);
  websocket.close(Reason::forced_close, now, out);
  EXPECT_THAT(done(), ElementsAre("ws:4last", "close ws", "closed: forced close", "gone"));
  polling.hold(now + milliseconds(5));
  EXPECT_TRUE(polling.poll(out));
  polling.send(OutboundPacket::text("4a"), out);
  EXPECT_THAT(done(), ElementsAre("poll:4a"));
}

// Goal: reference 1.10, closing waits for the poll that takes what is left.
TEST_F(EngineSessionTest, drains_before_it_closes) {
  polling.send(OutboundPacket::text("4last"), out);
  polling.close(Reason::forced_close, now, out);
  EXPECT_THAT(done(), ElementsAre("closed: forced close"));
  EXPECT_FALSE(polling.send(OutboundPacket::text("4no"), out));
  EXPECT_THAT(post(polling, "4ignored"), IsEmpty());
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(done(), ElementsAre("poll:4last\x1e"
                                  "1",
                                  "gone"));
}

// Goal: a client in the middle of an upgrade hears of the end at once: it polls no more.
TEST_F(EngineSessionTest, drains_to_the_websocket_that_a_client_is_changing_to) {
  probe(polling);
  polling.send(OutboundPacket::text("4last"), out);
  done();
  polling.close(Reason::server_shutting_down, now, out);
  EXPECT_THAT(done(), ElementsAre("closed: server shutting down"));
  polling.websocket_text(Link::candidate, "4no", now, out);
  EXPECT_THAT(done(), IsEmpty());
  polling.websocket_text(Link::candidate, "5", now, out);
  EXPECT_THAT(done(), ElementsAre("candidate:4last", "close candidate", "gone"));
}

TEST_F(EngineSessionTest, drops_the_candidate_when_a_poll_took_what_was_left) {
  probe(polling);
  done();
  polling.close(Reason::server_shutting_down, now, out);
  EXPECT_TRUE(polling.poll(out));
  EXPECT_THAT(done(),
              ElementsAre("closed: server shutting down", "poll:1", "close candidate", "gone"));
}

TEST_F(EngineSessionTest, does_not_drain_for_ever) {
  polling.close(Reason::forced_close, now, out);
  done();
  EXPECT_THAT(pass(polling, milliseconds(5'000)), ElementsAre("gone"));
}

TEST_F(EngineSessionTest, closes_at_once_where_it_can) {
  EXPECT_TRUE(polling.poll(out));
  polling.close(Reason::forced_close, now, out);
  EXPECT_THAT(done(), ElementsAre("poll:1", "closed: forced close", "gone"));
  websocket.close(Reason::server_shutting_down, now, out);
  websocket.close(Reason::server_shutting_down, now, out);
  EXPECT_THAT(done(), ElementsAre("close ws", "closed: server shutting down", "gone"));
}

TEST_F(EngineSessionTest, ends_with_its_websocket) {
  websocket.websocket_lost(Link::current, Reason::transport_close, out);
  EXPECT_THAT(done(), ElementsAre("close ws", "closed: transport close", "gone"));
  websocket.websocket_text(Link::current, "4late", now, out);
  EXPECT_THAT(done(), IsEmpty());
}

TEST_F(EngineSessionTest, limits_the_packets_of_a_client) {
  limits.packet_rate = {.per_second = 1, .burst = 2};
  EngineSession session(limits, EngineTransport::websocket, now, false);
  for (int i = 0; i < 3; ++i) session.websocket_text(Link::current, "4x", now, out);
  EXPECT_THAT(done(), ElementsAre("text x", "text x", "close ws", "closed: rate limit", "gone"));
}

// Goal: reference 1.2, `b64` makes binary messages text on a WebSocket.
TEST_F(EngineSessionTest, sends_base64_to_those_who_want_it) {
  EngineSession session(limits, EngineTransport::websocket, now, true);
  session.send(OutboundPacket::binary("\1"), out);
  EXPECT_THAT(done(), ElementsAre("ws:bAQ=="));
}

}  // namespace
}  // namespace rubricon::socketio
