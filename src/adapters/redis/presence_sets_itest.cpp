#include <rubricon/redis/presence_sets.hpp>

#include <rubricon/ports/contract/presence_contract.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

class PresenceSetsHarness : public LiveHarness<PresenceSets> {
 public:
  ports::Presence& presence() { return adapter_; }
};

TEST(PresenceSets, leaves_nothing_behind_where_all_gateways_died) {
  LiveRedis redis;
  PresenceSets presence(redis.connection());
  const domain::ChatId chat(base::Uuid::v7(1, {}));
  const domain::UserId user(base::Uuid::v7(2, {}));
  redis.run(presence.enter(chat, user, "c", redis.within(base::Milliseconds(8'000))));
  EXPECT_EQ(*redis.call({"DBSIZE"}).integer(), 1);
  redis.advance(base::Milliseconds(60'001));
  EXPECT_EQ(*redis.call({"DBSIZE"}).integer(), 0);
}

}  // namespace
}  // namespace rubricon::redis

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, PresenceContract, redis::PresenceSetsHarness);
}  // namespace rubricon::ports::contract
