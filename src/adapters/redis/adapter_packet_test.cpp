// tests: adapter_fields.cpp
#include <rubricon/redis/adapter_packet.hpp>

#include <rubricon/redis/message_pack.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <functional>

namespace rubricon::redis {
namespace {

namespace json = boost::json;
using namespace std::string_view_literals;

/// As captured from a Node server: io.emit("hello", 1, "é", {a: [true, null]}).
constexpr auto captured =
    "\x93\xa6"
    "uid123\x83\xa4"
    "type\x02\xa4"
    "data\x94\xa5"
    "hello\x01\xa2\xc3\xa9\x81\xa1"
    "a\x92\xc3\xc0\xa3"
    "nsp\xa1/\x83\xa5"
    "rooms\x90\xa6"
    "except\x90\xa5"
    "flags\x80"sv;

AdapterPacket hello() {
  return {.uid = "uid123",
          .name = "hello",
          .args = {1, "é", {{"a", {true, nullptr}}}},
          .rooms = {},
          .except = {}};
}

TEST(AdapterPacket, is_byte_for_byte_what_node_writes) {
  EXPECT_EQ(adapter_bytes(hello()), captured);
  EXPECT_EQ(parse_adapter_packet(captured), hello());
}

TEST(AdapterPacket, reads_what_it_writes) {
  const AdapterPacket packet{.uid = "uid123",
                             .nsp = "/admin",
                             .name = "typing",
                             .args = {},
                             .rooms = {"chat:1", "b"},
                             .except = {"c"}};
  EXPECT_EQ(parse_adapter_packet(adapter_bytes(packet)), packet);
}

TEST(AdapterPacket, a_packet_without_a_namespace_is_for_the_first_one) {
  const auto bytes = message_pack(json::parse(R"(["emitter",{"type":2,"data":["a"]},{}])"));
  const auto packet = parse_adapter_packet(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->nsp, "/");
  EXPECT_EQ(packet->uid, "emitter");
  EXPECT_TRUE(packet->rooms.empty());
}

TEST(AdapterPacket, refuses_what_is_no_event) {
  for (const auto* text : {
           R"({})",
           R"([])",
           R"(["u",{"type":2,"data":["a"]}])",
           R"([1,{"type":2,"data":["a"]},{}])",
           R"(["u",{"type":3,"data":["a"]},{}])",
           R"(["u",{"data":["a"]},{}])",
           R"(["u",{"type":"2","data":["a"]},{}])",
           R"(["u",{"type":2},{}])",
           R"(["u",{"type":2,"data":[]},{}])",
           R"(["u",{"type":2,"data":[1]},{}])",
           R"(["u",{"type":2,"data":[""]},{}])",
           R"(["u",{"type":2,"data":"a"},{}])",
           R"(["u",{"type":2,"data":["a"]},{"rooms":"r"}])",
           R"(["u",{"type":2,"data":["a"]},{"rooms":[1]}])",
           R"(["u",{"type":2,"data":["a"]},{"except":{}}])",
           R"(["u",{"type":2,"data":["a"]},null])",
       }) {
    EXPECT_FALSE(parse_adapter_packet(message_pack(json::parse(text)))) << text;
  }
  auto many = hello();
  many.rooms.assign(1'001, "r");
  EXPECT_FALSE(parse_adapter_packet(adapter_bytes(many)));
  auto longer = hello();
  longer.name.assign(257, 'a');
  EXPECT_FALSE(parse_adapter_packet(adapter_bytes(longer)));
}

}  // namespace
}  // namespace rubricon::redis
