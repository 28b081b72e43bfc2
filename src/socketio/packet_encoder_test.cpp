#include <rubricon/socketio/packet_encoder.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rubricon::socketio {
namespace {

namespace json = boost::json;

std::string wire(const std::optional<EncodedEvent>& event) {
  if (!event) return "refused";
  std::string text;
  for (const auto& packet : event->packets()) {
    if (packet.is_binary()) text += " <" + std::string(packet.payload()) + ">";
    if (!packet.is_binary()) text += packet.payload();
  }
  return text;
}

// Goal: reference 2.1, compact JSON, the namespace only when it is not `/`.
TEST(PacketEncoder, writes_events) {
  EXPECT_EQ(wire(encode_event("/", "hello", {})), R"(42["hello"])");
  EXPECT_EQ(wire(encode_event("/custom", "a\"b", {1, "評分", nullptr})),
            R"(42/custom,["a\"b",1,"評分",null])");
  EXPECT_EQ(wire(encode_event("/custom", "ask", {1}, 12)), R"(42/custom,12["ask",1])");
}

// Goal: reference 2.2, the exact text of placeholders and the order of attachments.
TEST(PacketEncoder, writes_attachments_after_the_text) {
  Args args{Binary("\1\2"), "x"};
  args.push(json::object{{"deep", args.attach(Binary("y"))}});
  EXPECT_EQ(wire(encode_event("/", "m", args)),
            "452-[\"m\",{\"_placeholder\":true,\"num\":0},\"x\",{\"deep\":"
            "{\"_placeholder\":true,\"num\":1}}] <\1\2> <y>");
  EXPECT_EQ(wire(encode_ack("/custom", 3, {Binary("z")})),
            R"(461-/custom,3[{"_placeholder":true,"num":0}] <z>)");
}

TEST(PacketEncoder, writes_acknowledgements) {
  EXPECT_EQ(wire(encode_ack("/", 7, {})), "437[]");
  EXPECT_EQ(wire(encode_ack("/", 18446744073709551615u, {1, "2"})),
            R"(4318446744073709551615[1,"2"])");
}

TEST(PacketEncoder, takes_json_as_it_is) {
  EXPECT_EQ(wire(encode_event_json("/", "new-msg", R"({"a":1},2)")), R"(42["new-msg",{"a":1},2])");
  EXPECT_EQ(wire(encode_event_json("/n", "x", "")), R"(42/n,["x"])");
}

// Goal: a packet that clients would close on is never made, also not from a client's own data.
TEST(PacketEncoder, refuses_what_clients_refuse) {
  EXPECT_EQ(wire(encode_event("/", "connect", {})), "refused");
  EXPECT_EQ(wire(encode_event_json("/", "disconnect", "")), "refused");
  Args many;
  for (int i = 0; i < 11; ++i) many.push(Binary("x"));
  EXPECT_EQ(wire(encode_event("/", "m", many)), "refused");
  Args forged{Binary("x"), json::object{{"_placeholder", true}, {"num", 99}}};
  EXPECT_EQ(wire(encode_event("/", "m", forged)), "refused");
  EXPECT_EQ(wire(encode_ack("/", 1, forged)), "refused");
  const Args plain{json::object{{"_placeholder", true}, {"num", 99}}};
  EXPECT_EQ(wire(encode_event("/", "m", plain)), R"(42["m",{"_placeholder":true,"num":99}])");
}

TEST(PacketEncoder, adds_an_offset_at_the_end) {
  const auto event = encode_event("/n", "m", {Binary("x")});
  EXPECT_EQ(wire(with_offset(*event, "7")),
            R"(451-/n,["m",{"_placeholder":true,"num":0},"7"] <x>)");
}

// Goal: reference 2.1 and 2.3, the answers to a CONNECT.
TEST(PacketEncoder, writes_the_answers_to_a_connect) {
  EXPECT_EQ(encode_connect("/", "abc", "").payload(), R"(40{"sid":"abc"})");
  EXPECT_EQ(encode_connect("/n", "abc", "p").payload(), R"(40/n,{"sid":"abc","pid":"p"})");
  EXPECT_EQ(encode_connect_error("/random", "Invalid namespace", nullptr).payload(),
            R"(44/random,{"message":"Invalid namespace"})");
  EXPECT_EQ(encode_connect_error("/", "no", json::object{{"code", "c"}}).payload(),
            R"(44{"message":"no","data":{"code":"c"}})");
  EXPECT_EQ(encode_disconnect("/").payload(), "41");
  EXPECT_EQ(encode_disconnect("/n").payload(), "41/n,");
}

}  // namespace
}  // namespace rubricon::socketio
