#include <rubricon/socketio/engine_packet.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace rubricon::socketio {
namespace {

std::vector<std::string> split(std::string_view body) {
  std::vector<std::string> packets;
  do {
    packets.emplace_back(next_in_payload(body));
  } while (body.data() != nullptr);
  return packets;
}

TEST(EnginePacket, is_a_type_and_text) {
  for (const char type : std::string("0123456")) {
    const auto text = std::string(1, type) + "probe";
    const auto packet = decode_engine_packet(text);
    ASSERT_TRUE(packet);
    EXPECT_EQ(static_cast<char>(packet->type), type);
    EXPECT_EQ(packet->text, "probe");
    EXPECT_FALSE(packet->bytes);
  }
}

// Goal: reference 1.5 and 1.7, `b` and base64 is a binary message on both transports.
TEST(EnginePacket, may_be_binary_in_base64) {
  const auto packet = decode_engine_packet("bAQIDBA==");
  ASSERT_TRUE(packet && packet->bytes);
  EXPECT_EQ(*packet->bytes, "\1\2\3\4");
  EXPECT_TRUE(decode_engine_packet("b")->bytes->empty());
}

// Goal: reference 1.1, an empty packet and an unknown type are errors.
TEST(EnginePacket, is_refused_when_empty_or_unknown) {
  for (const char* text : {"", "7", "a", "\xFF", "b!", "bA", " 4"}) {
    EXPECT_FALSE(decode_engine_packet(text)) << text;
  }
}

// Goal: reference 1.5, 0x1E separates whatever is around it; empty packets stay visible.
TEST(EnginePayload, is_split_at_the_separator) {
  EXPECT_EQ(split("4a\x1e"
                  "4b\x1e"
                  "bAQ=="),
            (std::vector<std::string>{"4a", "4b", "bAQ=="}));
  EXPECT_EQ(split(""), std::vector<std::string>{""});
  EXPECT_EQ(split("4a\x1e"), (std::vector<std::string>{"4a", ""}));
  EXPECT_EQ(split("\x1e\x1e"), (std::vector<std::string>{"", "", ""}));
}

TEST(EnginePayload, joins_text_and_binary) {
  const std::vector<OutboundPacket> packets = {OutboundPacket::text("4hello"),
                                               OutboundPacket::binary("\1\2\3\4"), noop_packet()};
  EXPECT_EQ(encode_payload(packets),
            "4hello\x1e"
            "bAQIDBA==\x1e"
            "6");
}

// Goal: reference 1.4, exactly these keys in this order.
TEST(OpenPacket, has_the_five_keys) {
  using std::chrono::milliseconds;
  OpenParameters parameters{.sid = "abcdefghijklmnopqrst",
                            .can_upgrade = true,
                            .ping_interval = milliseconds(300),
                            .ping_timeout = milliseconds(200),
                            .max_payload = 1'000'000};
  EXPECT_EQ(open_packet(parameters).payload(),
            R"(0{"sid":"abcdefghijklmnopqrst","upgrades":["websocket"],"pingInterval":300,)"
            R"("pingTimeout":200,"maxPayload":1000000})");
  parameters.can_upgrade = false;
  EXPECT_NE(open_packet(parameters).payload().find(R"("upgrades":[],)"), std::string_view::npos);
}

}  // namespace
}  // namespace rubricon::socketio
