#include <rubricon/redis/condition.hpp>

#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

std::optional<Condition> look(LiveRedis& redis, const Address& address,
                              base::Milliseconds patience = base::Milliseconds(8'000)) {
  SessionOptions options;
  options.address = address;
  return redis.run(look_at(redis.io().get_executor(), options, redis.within(patience)));
}

TEST(RedisCondition, is_what_the_server_says_of_itself) {
  PrivateServer server;
  LiveRedis redis(server.address(), LiveRedis::test_options());
  redis.call({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
  redis.call({"CONFIG", "SET", "maxmemory", "100mb"});
  const auto seen = look(redis, server.address());
  ASSERT_TRUE(seen);
  EXPECT_GE(std::stoi(seen->version), 6);
  EXPECT_EQ(seen->role, "master");
  EXPECT_EQ(seen->maxmemory, "104857600");
  EXPECT_EQ(seen->eviction_policy, "allkeys-lru");
}

TEST(RedisCondition, is_unknown_to_those_who_may_not_ask) {
  PrivateServer server;
  LiveRedis redis(server.address(), LiveRedis::test_options());
  redis.call({"ACL", "SETUSER", "ann", "on", ">secret", "~*", "&*", "+@all", "-info"});
  auto address = server.address();
  address.user = "ann";
  address.password = "secret";
  EXPECT_FALSE(look(redis, address));
}

TEST(RedisCondition, of_what_INFO_does_not_say_is_empty) {
  EXPECT_EQ(Condition::parse("").version, "");
  const auto seen = Condition::parse("# Server\r\nredis_version:7.0.15\r\n\r\nrole:slave");
  EXPECT_EQ(seen.version, "7.0.15");
  EXPECT_EQ(seen.role, "slave");
  EXPECT_EQ(seen.eviction_policy, "");
}

}  // namespace
}  // namespace rubricon::redis
