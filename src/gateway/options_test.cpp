#include <rubricon/gateway/options.hpp>

#include <rubricon/domain/text.hpp>

#include <gtest/gtest.h>

namespace rubricon::gateway {
namespace {

TEST(ServerOptions, leave_room_for_everything_the_gateway_allows) {
  const Options options;
  const auto server = server_options(options);
  // The longest content there is, each byte of it escaped, and the rest of the packet.
  EXPECT_GE(server.engine.max_payload, 6 * domain::MessageText::bytes_max + 4'096);
  EXPECT_GE(options.limits.send_msg_bytes, 6 * domain::MessageText::bytes_max + 4'096);
  EXPECT_GT(server.engine.max_payload, options.limits.event_bytes);
  EXPECT_GE(server.rooms_per_socket_max, 2 * options.limits.rooms_per_socket + 2)
      << "two for each chat, the room of the user, one to spare";
  EXPECT_EQ(server.engine.queue_bytes_max, 1u << 20);
  EXPECT_LT(server.engine.queue_bytes_ephemeral, server.engine.queue_bytes_max);
  EXPECT_GT(server.engine.packet_rate.burst, 2 * options.limits.events_burst)
      << "too many events are told so before they end the connection";
  EXPECT_FALSE(server.recovery.enabled) << "replay from the log does better";
}

}  // namespace
}  // namespace rubricon::gateway
