#include <rubricon/redis/running_answer_hashes.hpp>

#include <rubricon/ports/contract/running_answers_contract.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

class RunningAnswerHashesHarness : public LiveHarness<RunningAnswerHashes> {
 public:
  ports::RunningAnswers& answers() { return adapter_; }
};

TEST(RunningAnswerHashes, keeps_no_more_answers_of_a_chat_than_its_bound) {
  LiveRedis redis;
  RunningAnswerHashes answers(redis.connection());
  const domain::ChatId chat(base::Uuid::v7(1, {}));
  const auto soon = redis.within(base::Milliseconds(8'000));
  for (int n = 0; n < 70; ++n) {
    ports::RunningAnswer answer{chat, domain::JobId(base::Uuid::v7(n, {})), domain::Seq(1), 1, "a"};
    redis.run(answers.update(std::move(answer), soon));
  }
  EXPECT_EQ(redis.run(answers.of_chat(chat, soon)).size(), RunningAnswerHashes::answers_max);
}

TEST(RunningAnswerHashes, any_bytes_are_a_text) {
  LiveRedis redis;
  RunningAnswerHashes answers(redis.connection());
  const domain::ChatId chat(base::Uuid::v7(1, {}));
  const auto soon = redis.within(base::Milliseconds(8'000));
  const std::string text("評\r\n$-1\r\n\0*2", 13);
  redis.run(answers.update({chat, domain::JobId(), domain::Seq(2), 1, text}, soon));
  const auto found = redis.run(answers.of_chat(chat, soon));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].text, text);
}

}  // namespace
}  // namespace rubricon::redis

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, RunningAnswersContract, redis::RunningAnswerHashesHarness);
}  // namespace rubricon::ports::contract
