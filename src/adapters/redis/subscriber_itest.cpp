#include <rubricon/redis/subscriber.hpp>

#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

/// A subscriber of one channel and one pattern on a server of its own.
class SubscriberTest : public ::testing::Test {
 protected:
  SubscriberTest() {
    const auto hear = [this](std::string_view channel, std::string_view message) {
      heard += std::string(channel) + "=" + std::string(message) + " ";
    };
    subscriber.subscribe("one", hear);
    subscriber.subscribe_pattern("many*", hear);
    subscriber.start();
    redis.until([this] { return subscriber.listening(); });
  }
  ~SubscriberTest() override { redis.run(subscriber.stop()); }

  void publish(const std::string& channel, const std::string& message) {
    redis.call({"PUBLISH", channel, message});
  }
  void expect_heard(const std::string& all) {
    redis.until([&] { return heard.size() >= all.size(); });
    EXPECT_EQ(heard, all);
    heard.clear();
  }

  PrivateServer server;
  LiveRedis redis{*parse_address(server.url()), LiveRedis::test_options()};
  std::string heard;
  Subscriber subscriber{redis.io().get_executor(), redis.line(), redis.tools(), redis.metrics()};
};

TEST_F(SubscriberTest, hears_its_channels_and_patterns_in_order) {
  publish("one", "a");
  publish("another", "b");
  publish("many1", "c");
  publish("one", "d");
  expect_heard("one=a many1=c one=d ");
}

TEST_F(SubscriberTest, listens_again_after_its_connection_was_cut) {
  redis.call({"CLIENT", "KILL", "TYPE", "pubsub"});
  redis.until([this] { return !subscriber.listening(); });
  redis.until([this] { return subscriber.listening(); });
  publish("one", "a");
  publish("many", "b");
  expect_heard("one=a many=b ");
}

TEST_F(SubscriberTest, listens_again_after_the_server_was_away) {
  server.stop();
  redis.until([this] { return !subscriber.listening(); });
  server.start();
  redis.until([this] { return subscriber.listening() && redis.connection().usable(); });
  publish("one", "a");
  expect_heard("one=a ");
}

}  // namespace
}  // namespace rubricon::redis
