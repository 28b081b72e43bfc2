#include <rubricon/redis/answer_entries.hpp>

#include <rubricon/ports/contract/answer_cache_contract.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

class AnswerEntriesHarness : public LiveHarness<AnswerEntries> {
 public:
  ports::AnswerCache& cache() { return adapter_; }
};

TEST(AnswerEntries, what_is_no_answer_is_not_found) {
  for (const auto* json : {"", "1", "{}", R"({"text":"a"})", R"({"text":1})",
                           R"({"text":"","outcome":"x","source":"","template":"",)"
                           R"("choices":[],"chatTitle":""})",
                           R"({"text":"","outcome":"asked","source":"","template":"",)"
                           R"("choices":[["a"]],"chatTitle":""})"}) {
    EXPECT_FALSE(parse_answer_json(json)) << json;
  }
  EXPECT_TRUE(parse_answer_json(answer_json({})));
}

}  // namespace
}  // namespace rubricon::redis

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, AnswerCacheContract, redis::AnswerEntriesHarness);
}  // namespace rubricon::ports::contract
