#include <rubricon/redis/recent_message_lists.hpp>

#include <rubricon/ports/contract/recent_messages_contract.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

class RecentMessageListsHarness : public LiveHarness<RecentMessageLists> {
 public:
  ports::RecentMessages& cache() { return adapter_; }
};

base::Task<base::Result<ports::RecentPage>> nothing() {
  co_return ports::RecentPage{};
}

TEST(RecentMessageLists, is_where_the_mission_says) {
  LiveRedis redis;
  RecentMessageLists cache(redis.connection());
  const domain::ChatId chat(base::Uuid::v7(1, {}));
  const domain::Position head{domain::Epoch(1), domain::Seq(1)};
  const auto soon = redis.within(base::Milliseconds(8'000));
  ASSERT_TRUE(redis.run(cache.read(chat, head, nothing, soon)));
  const auto key = "chat:" + chat.to_string() + ":messages";
  const auto left = *redis.call({"PTTL", key}).integer();
  EXPECT_GT(left, 290'000);
  EXPECT_LE(left, 300'000);
}

TEST(RecentMessageLists, what_others_wrote_there_is_no_page) {
  LiveRedis redis;
  RecentMessageLists cache(redis.connection());
  const domain::ChatId chat(base::Uuid::v7(1, {}));
  const domain::Position head{domain::Epoch(1), domain::Seq(1)};
  const auto soon = redis.within(base::Milliseconds(8'000));
  const auto key = "chat:" + chat.to_string() + ":messages";
  redis.call({"RPUSH", key, "{\"id\":\"forged\"}", "1:1"});
  EXPECT_EQ(redis.run(cache.read(chat, head, nothing, soon)), ports::RecentPage{});
  redis.call({"SET", key, "a text"});
  EXPECT_EQ(redis.run(cache.read(chat, head, nothing, soon)), ports::RecentPage{});
}

}  // namespace
}  // namespace rubricon::redis

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, RecentMessagesContract, redis::RecentMessageListsHarness);
}  // namespace rubricon::ports::contract
