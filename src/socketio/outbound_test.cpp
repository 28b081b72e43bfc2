#include <rubricon/socketio/outbound.hpp>

#include <gtest/gtest.h>

namespace rubricon::socketio {
namespace {

using namespace std::string_literals;

// Goal: RFC 6455 §5.2, each of the three length forms at its borders.
TEST(OutboundPacket, is_a_whole_frame_at_every_length) {
  EXPECT_EQ(*OutboundPacket::text("2").frame(), "\x81\x01\x32"s);
  EXPECT_EQ(*OutboundPacket::binary("").frame(), "\x82\x00"s);
  const std::vector<std::pair<std::size_t, std::string>> headers = {
      {125, "\x81\x7D"s},
      {126, "\x81\x7E\x00\x7E"s},
      {65535, "\x81\x7E\xFF\xFF"s},
      {65536, "\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s}};
  for (const auto& [size, header] : headers) {
    const std::string payload(size, 'x');
    const auto packet = OutboundPacket::text(payload);
    EXPECT_EQ(*packet.frame(), header + payload);
    EXPECT_EQ(packet.payload(), payload);
  }
}

// Goal: a broadcast costs reference counts, not bytes.
TEST(EncodedEvent, shares_its_bytes_between_copies) {
  const EncodedEvent event({OutboundPacket::text("42[\"a\"]"), OutboundPacket::binary("b")});
  const EncodedEvent copy = event;
  EXPECT_EQ(copy.packets().data(), event.packets().data());
  EXPECT_FALSE(copy.packets()[0].is_binary());
  EXPECT_TRUE(copy.packets()[1].is_binary());
}

}  // namespace
}  // namespace rubricon::socketio
