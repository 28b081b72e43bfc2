#include <rubricon/redis/script.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

TEST(RedisScript, is_sent_once_and_then_called_by_its_hash) {
  PrivateServer server;
  LiveRedis redis(server.address(), LiveRedis::test_options());
  Script script(redis.connection(), "return {KEYS[1], ARGV[1], ARGV[2]}");
  const auto soon = redis.within(base::Milliseconds(8'000));
  for (int n = 0; n < 3; ++n) {
    const auto reply = redis.run(script.run({"key"}, {"a\r\n", ""}, soon));
    ASSERT_TRUE(reply.list());
    EXPECT_EQ(*(*reply.list())[0].text(), "key");
    EXPECT_EQ(*(*reply.list())[1].text(), "a\r\n");
    EXPECT_EQ(*(*reply.list())[2].text(), "");
  }
  const auto statistics = *redis.call({"INFO", "commandstats"}).text();
  EXPECT_NE(statistics.find("cmdstat_eval:calls=1,"), std::string::npos) << statistics;
  EXPECT_NE(statistics.find("cmdstat_evalsha:calls=3,"), std::string::npos) << statistics;
}

TEST(RedisScript, one_that_fails_is_a_fault) {
  LiveRedis redis;
  Script script(redis.connection(), "return redis.call('INCR', KEYS[1])");
  redis.call({"SET", "a", "no number"});
  auto run = script.run({"a"}, {}, redis.within(base::Milliseconds(8'000)));
  EXPECT_THROW(redis.run(std::move(run)), base::Unavailable);
}

}  // namespace
}  // namespace rubricon::redis
