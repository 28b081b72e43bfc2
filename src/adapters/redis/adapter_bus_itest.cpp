// Two processes on one Redis, as far as they can be seen from one.
// tests: adapter_node.cpp
#include <rubricon/redis/adapter_bus.hpp>

#include <rubricon/memory/ephemerals.hpp>
#include <rubricon/ports/contract/ephemeral_bus_contract.hpp>
#include <rubricon/redis/adapter_node.hpp>
#include <rubricon/redis/fake_sockets_test.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

AdapterChannels own_channels() {
  return AdapterChannels("test-" + std::to_string(::getpid()));
}

/// One process: a bus, and a node that hears the others.
class Process {
 public:
  Process(LiveRedis& redis, const std::string& uid)
      : redis_(redis),
        local_(redis.io().get_executor()),
        bus_(redis.connection(), local_, uid, own_channels(), redis.metrics()),
        subscriber_(redis.io().get_executor(), redis.line(), redis.tools(), redis.metrics()),
        node_(subscriber_, redis.connection(), local_, sockets_,
              {.channels = own_channels(), .uid = uid}, redis.log(), redis.metrics()) {
    subscriber_.start();
    redis_.until([this] { return subscriber_.listening(); });
  }
  ~Process() { redis_.run(subscriber_.stop()); }

  AdapterBus& bus() { return bus_; }

 private:
  LiveRedis& redis_;
  FakeSockets sockets_;
  memory::Ephemerals local_;
  AdapterBus bus_;
  Subscriber subscriber_;
  AdapterNode node_;
};

class AdapterBusHarness {
 public:
  ports::EphemeralBus& bus() { return process_.bus(); }
  /// What the bus has sent has come back, and is known as its own.
  void settle() {
    redis_.call({"PUBLISH", own_channels().broadcast(), "no packet"});
    redis_.until([this] {
      return redis_.metrics().render().find("{outcome=\"malformed\"} 1") != std::string::npos;
    });
  }

 private:
  LiveRedis redis_;
  Process process_{redis_, "uid--1"};
};

TEST(AdapterBus, processes_hear_each_other_once_and_in_order) {
  LiveRedis redis;
  Process one(redis, "uid--1"), other(redis, "uid--2");
  std::string heard, own;
  const auto subscription =
      other.bus().subscribe([&](const auto& m) { heard += m->name + m->payload + " "; });
  const auto at_home = one.bus().subscribe([&](const auto& m) { own += m->name + " "; });
  const domain::StreamId room{domain::ChatId(base::Uuid::v7(1, {}))};
  one.bus().publish({room, "typing", R"({"chatId":"評"})"});
  one.bus().publish({room, "ai-delta", R"({"off":0,"text":"a\nb"})"});
  other.bus().publish({room, "presence", "{}"});
  const std::string all =
      "presence{} typing{\"chatId\":\"評\"} ai-delta{\"off\":0,\"text\":\"a\\nb\"} ";
  redis.until([&] { return heard.size() >= all.size() && own.size() >= 25; });
  EXPECT_EQ(heard, all);
  EXPECT_EQ(own, "typing ai-delta presence ");
}

TEST(AdapterBus, goes_on_at_home_while_redis_is_away) {
  PrivateServer server;
  LiveRedis redis(*parse_address(server.url()), LiveRedis::test_options());
  memory::Ephemerals local(redis.io().get_executor());
  AdapterBus bus(redis.connection(), local, "uid--1", own_channels(), redis.metrics());
  std::string heard;
  const auto subscription = bus.subscribe([&](const auto& m) { heard += m->name; });
  server.stop();
  redis.until([&] { return !redis.connection().usable(); });
  bus.publish({domain::StreamId(domain::ChatId()), "typing", "{}"});
  redis.until([&] { return !heard.empty(); });
  EXPECT_EQ(heard, "typing");
  EXPECT_NE(redis.metrics().render().find("rubricon_redis_ephemerals_dropped_total 1"),
            std::string::npos);
}

TEST(AdapterBus, its_name_is_as_long_as_those_of_node_and_another_each_time) {
  crypto::SystemRandom random;
  const auto one = make_adapter_uid(random);
  EXPECT_EQ(one.size(), adapter_uid_length);
  EXPECT_NE(one, make_adapter_uid(random));
}

}  // namespace
}  // namespace rubricon::redis

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, EphemeralBusContract, redis::AdapterBusHarness);
}  // namespace rubricon::ports::contract
