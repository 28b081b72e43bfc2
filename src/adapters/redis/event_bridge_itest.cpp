#include <rubricon/redis/event_bridge.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/memory/broker.hpp>
#include <rubricon/redis/adapter_packet.hpp>
#include <rubricon/redis/live_redis_test.hpp>

#include <boost/json.hpp>

namespace rubricon::redis {
namespace {

using Batch = std::vector<std::shared_ptr<const domain::Event>>;

const domain::ChatId chat{base::Uuid::v7(1, {})};

Batch batch() {
  return {std::make_shared<const domain::Event>(
      domain::Event{.stream = domain::StreamId(chat),
                    .epoch = domain::Epoch(1),
                    .seq = domain::Seq(7),
                    .type = domain::EventType::message_created,
                    .at = {},
                    .data = R"({"id":"m","content":"評分"})"})};
}

TEST(EventBridge, tells_node_servers_what_the_bus_has_taken) {
  LiveRedis redis;
  const AdapterChannels channels("bridge-" + std::to_string(::getpid()));
  memory::Broker broker(redis.io().get_executor());
  EventBridge bridge(broker, redis.connection(), channels, redis.metrics());
  std::string heard;
  std::size_t events = 0;
  Subscriber peer(redis.io().get_executor(), redis.line(), redis.tools(), redis.metrics());
  peer.subscribe_pattern(channels.broadcast_pattern(),
                         [&](std::string_view, std::string_view message) { heard = message; });
  peer.start();
  redis.until([&] { return peer.listening(); });
  const auto subscription = bridge.subscribe([&](const auto&) { ++events; }, [] {});
  redis.run(bridge.publish(batch(), redis.within(base::Milliseconds(8'000))));
  redis.until([&] { return !heard.empty() && events == 1; });
  const auto packet = parse_adapter_packet(heard);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->uid, adapter_bridge_uid);
  EXPECT_EQ(packet->name, "new-msg");
  EXPECT_EQ(packet->rooms, std::vector{"chat:" + chat.to_string()});
  ASSERT_EQ(packet->args.size(), 1u);
  EXPECT_EQ(boost::json::serialize(packet->args[0]), domain::wire_payload(*batch()[0]));
  redis.run(peer.stop());
}

TEST(EventBridge, holds_nothing_up_where_redis_is_away) {
  PrivateServer server;
  LiveRedis redis(server.address(), LiveRedis::test_options());
  memory::Broker broker(redis.io().get_executor());
  EventBridge bridge(broker, redis.connection(), {}, redis.metrics());
  server.stop();
  redis.until([&] { return !redis.connection().usable(); });
  redis.run(bridge.publish(batch(), redis.within(base::Milliseconds(8'000))));
  EXPECT_EQ(redis.counted("rubricon_redis_bridged_events_dropped_total"), 1);
}

}  // namespace
}  // namespace rubricon::redis
