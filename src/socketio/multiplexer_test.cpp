#include <rubricon/socketio/multiplexer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include <string>
#include <vector>

namespace rubricon::socketio {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using Script = std::vector<std::string>;
namespace json = boost::json;

std::string describe(const ProtocolAction& action) {
  struct {
    std::string operator()(const AskAdmission& a) {
      return "ask " + std::to_string(a.slot) + " " + a.nsp + " " + json::serialize(a.auth);
    }
    std::string operator()(const CancelAdmission& a) { return "cancel " + std::to_string(a.slot); }
    std::string operator()(const SendPacket& a) {
      return "send " + std::string(a.packet.payload());
    }
    std::string operator()(const Joined& a) { return "joined " + std::to_string(a.slot); }
    std::string operator()(const DeliverPacket& a) {
      return "deliver " + std::to_string(a.slot) + " " + static_cast<char>(a.packet.type) + " " +
             a.packet.event + json::serialize(a.packet.args.values());
    }
    std::string operator()(const Left& a) {
      return "left " + std::to_string(a.slot) + ": " + to_string(a.reason);
    }
    std::string operator()(const EndTransport& a) {
      return std::string("end: ") + to_string(a.reason);
    }
  } visitor;
  return std::visit(visitor, action);
}

class MultiplexerTest : public testing::Test {
 protected:
  ProtocolLimits limits{.decoder = {},
                        .connect_timeout = milliseconds(1'000),
                        .attachment_timeout = milliseconds(200),
                        .namespaces_max = 3,
                        .pending_packets_max = 2,
                        .pending_bytes_max = 1'000};
  base::Instant now{};
  ProtocolActions out;
  Multiplexer mux{limits, now};

  Script done() {
    Script script;
    for (const auto& action : out) script.push_back(describe(action));
    out.clear();
    return script;
  }
  Script text(std::string_view packet) {
    mux.text(packet, now, out);
    return done();
  }
  Script accept(Slot slot) {
    mux.accept(slot, out);
    return done();
  }
  Script pass(milliseconds duration) {
    now += duration;
    if (mux.deadline() <= now) mux.on_time(now, out);
    return done();
  }
};

// Goal: reference 2.3, a namespace is joined once the application has decided.
TEST_F(MultiplexerTest, joins_a_namespace) {
  EXPECT_THAT(text(R"(0{"token":"t"})"), ElementsAre(R"(ask 1 / {"token":"t"})"));
  EXPECT_THAT(accept(1), ElementsAre("joined 1"));
  EXPECT_THAT(text(R"(2["hi",1])"), ElementsAre("deliver 1 2 hi[1]"));
  EXPECT_THAT(text("31[2]"), ElementsAre("deliver 1 3 [2]"));
}

// Goal: reference 2.3, packets that come while the admission is decided wait for it, in order.
TEST_F(MultiplexerTest, keeps_packets_while_it_waits_for_the_admission) {
  text("0");
  EXPECT_THAT(text(R"(2["a"])"), IsEmpty());
  EXPECT_THAT(text(R"(2["b"])"), IsEmpty());
  EXPECT_THAT(accept(1), ElementsAre("joined 1", "deliver 1 2 a[]", "deliver 1 2 b[]"));
}

TEST_F(MultiplexerTest, drops_what_waited_when_it_refuses) {
  text("0");
  text(R"(2["a"])");
  mux.refuse(1, "nope", json::object{{"code", 7}}, out);
  EXPECT_THAT(done(), ElementsAre(R"(send 44{"message":"nope","data":{"code":7}})"));
  EXPECT_THAT(accept(1), IsEmpty());
  EXPECT_THAT(text("0"), ElementsAre("ask 2 / {}"));
}

TEST_F(MultiplexerTest, bounds_what_waits) {
  text("0");
  text(R"(2["a"])");
  text(R"(2["b"])");
  EXPECT_THAT(text(R"(2["c"])"), ElementsAre("end: rate limit"));
  Multiplexer other(limits, now);
  other.text("0", now, out);
  other.text("2[\"" + std::string(200, 'a') + "\",\"" + std::string(1'000, 'b') + "\"]", now, out);
  EXPECT_EQ(done().back(), "end: rate limit");
}

// Goal: reference 2.3, what closes the whole connection.
TEST_F(MultiplexerTest, ends_at_packets_that_have_no_place) {
  for (const char* packet : {R"(2["a"])", "31[]", "1", R"(4{"message":"x"})", "2/custom,[\"a\"]"}) {
    Multiplexer fresh(limits, now);
    fresh.text(packet, now, out);
    EXPECT_THAT(done(), ElementsAre("end: forced server close")) << packet;
    fresh.text("0", now, out);
    EXPECT_THAT(done(), IsEmpty());
  }
  text("0");
  accept(1);
  EXPECT_THAT(text("0"), ElementsAre("end: forced server close"));
}

TEST_F(MultiplexerTest, ends_at_a_packet_it_cannot_read) {
  text("0");
  accept(1);
  EXPECT_THAT(text("2"), ElementsAre("end: parse error"));
  mux.transport_closed(Reason::parse_error, out);
  EXPECT_THAT(done(), ElementsAre("left 1: parse error"));
}

// Goal: reference 2.3, namespaces of one connection live and end apart from each other.
TEST_F(MultiplexerTest, carries_several_namespaces) {
  text("0");
  accept(1);
  EXPECT_THAT(text("0/custom,{}"), ElementsAre("ask 2 /custom {}"));
  accept(2);
  EXPECT_THAT(text(R"(2/custom,["a"])"), ElementsAre("deliver 2 2 a[]"));
  EXPECT_THAT(text("1/custom,"), ElementsAre("left 2: client namespace disconnect"));
  EXPECT_THAT(text(R"(2["a"])"), ElementsAre("deliver 1 2 a[]"));
  EXPECT_THAT(text("0/custom"), ElementsAre("ask 3 /custom {}"));
  accept(3);
  mux.leave(3, now, out);
  EXPECT_THAT(done(), ElementsAre("send 41/custom,", "left 3: server namespace disconnect"));
  mux.leave_all(out);
  EXPECT_THAT(done(), ElementsAre("send 41", "end: forced server close"));
  mux.transport_closed(Reason::forced_server_close, out);
  EXPECT_THAT(done(), ElementsAre("left 1: forced server close"));
}

// Goal: reference 2.3, the whole connection: each namespace is told, then the transport closes.
TEST_F(MultiplexerTest, tells_every_namespace_when_it_leaves_all) {
  for (const char* nsp : {"0", "0/a,", "0/b,"}) text(nsp);
  for (int admission = 1; admission <= 3; ++admission) accept(admission);
  done();
  mux.leave_all(out);
  EXPECT_THAT(done(),
              ElementsAre("send 41", "send 41/a,", "send 41/b,", "end: forced server close"));
}

TEST_F(MultiplexerTest, bounds_the_number_of_namespaces) {
  for (const char* nsp : {"0/a", "0/b", "0/c"}) text(nsp);
  EXPECT_THAT(text("0/d"), ElementsAre(R"(send 44/d,{"message":"Too many namespaces"})"));
}

// Goal: a decision that comes too late decides nothing.
TEST_F(MultiplexerTest, cancels_an_admission_when_the_client_goes) {
  text("0");
  EXPECT_THAT(text("1"), ElementsAre("cancel 1"));
  EXPECT_THAT(accept(1), IsEmpty());
  text("0");
  mux.transport_closed(Reason::transport_close, out);
  EXPECT_THAT(done(), ElementsAre("cancel 2"));
  mux.refuse(2, "late", nullptr, out);
  EXPECT_THAT(done(), IsEmpty());
}

// Goal: reference 2.3, connectTimeout; and ours: armed again when the last namespace was left.
TEST_F(MultiplexerTest, ends_a_connection_that_joins_nothing) {
  EXPECT_THAT(pass(milliseconds(999)), IsEmpty());
  EXPECT_THAT(pass(milliseconds(1)), ElementsAre("end: forced close"));
}

TEST_F(MultiplexerTest, waits_for_a_namespace_again_after_the_last) {
  text("0");
  accept(1);
  EXPECT_THAT(pass(milliseconds(60'000)), IsEmpty());
  text("1");
  EXPECT_THAT(pass(milliseconds(999)), IsEmpty());
  EXPECT_THAT(pass(milliseconds(1)), ElementsAre("end: forced close"));
}

TEST_F(MultiplexerTest, does_not_count_a_refusal_as_joining) {
  text("0");
  pass(milliseconds(500));
  mux.refuse(1, "no", nullptr, out);
  done();
  EXPECT_THAT(pass(milliseconds(500)), ElementsAre("end: forced close"));
}

// Goal: reference 2.2, announced attachments must come in time.
TEST_F(MultiplexerTest, waits_for_attachments_and_not_for_ever) {
  text("0");
  accept(1);
  text(R"(51-["a",{"_placeholder":true,"num":0}])");
  pass(milliseconds(150));
  mux.binary("x", now, out);
  EXPECT_THAT(done(), ElementsAre(R"(deliver 1 2 a[{"_placeholder":true,"num":0}])"));
  EXPECT_THAT(pass(milliseconds(500)), IsEmpty());
  text(R"(52-["a"])");
  pass(milliseconds(150));
  mux.binary("x", now, out);
  EXPECT_THAT(pass(milliseconds(50)), ElementsAre("end: parse error"));
}

}  // namespace
}  // namespace rubricon::socketio
