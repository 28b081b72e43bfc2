#include <rubricon/worker/cached_ai.hpp>

#include <rubricon/memory/answer_map.hpp>
#include <rubricon/worker/scripted_services_test.hpp>

namespace rubricon::worker {
namespace {

class NoCache final : public ports::AnswerCache {
 public:
  base::Task<std::optional<ports::AiAnswer>> find(ports::AnswerQuestion, base::Deadline) override {
    throw base::Unavailable("the cache is gone");
    co_return std::nullopt;
  }
  base::Task<void> keep(ports::AnswerQuestion, ports::AiAnswer, base::Deadline) override {
    throw base::Unavailable("the cache is gone");
    co_return;
  }
};

class CachedAiTest : public ScriptedServices {
 protected:
  static domain::UserId user(std::int64_t n) { return domain::UserId(base::Uuid::v7(n, {})); }

  std::string ask(domain::UserId who, const std::string& question, CachedAi* by = nullptr) {
    shown.clear();
    auto answer =
        run((by != nullptr ? *by : cached)
                .answer(
                    who, {.message = question}, [this](std::string_view piece) { shown += piece; },
                    base::Deadline::after(clock.monotonic(), std::chrono::seconds(10))));
    return answer ? answer->text : answer.error().reason;
  }
  std::uint64_t count(const char* by) {
    return metrics.counter("rubricon_worker_questions_total", "", {{"answered_by", by}}).value();
  }

  memory::AnswerMap answers{clock};
  observability::Metrics metrics;
  CachedAi cached{ai, answers, clock, log, metrics};
  std::string shown;
};

TEST_F(CachedAiTest, an_equal_question_is_asked_once_and_shown_whole_both_times) {
  ai.text = "好的。";
  ai.pieces = {"好", "的。"};
  EXPECT_EQ(ask(user(1), "規準？"), "好的。");
  ai.text = "another day";
  EXPECT_EQ(ask(user(1), "規準？"), "好的。");
  EXPECT_EQ(shown, "好的。");
  EXPECT_EQ(ai.requests.size(), 1u);
  EXPECT_EQ(count("cache"), 1u);
  EXPECT_EQ(count("assistant"), 1u);
}

TEST_F(CachedAiTest, nobody_gets_what_another_one_was_answered) {
  ask(user(1), "規準？");
  ask(user(2), "規準？");
  EXPECT_EQ(ai.requests.size(), 2u);
}

TEST_F(CachedAiTest, another_version_of_the_assistant_is_asked_anew) {
  ask(user(1), "規準？");
  ai.version = "2";
  ask(user(1), "規準？");
  EXPECT_EQ(ai.requests.size(), 2u);
}

TEST_F(CachedAiTest, without_the_cache_every_question_is_asked) {
  NoCache none;
  CachedAi alone(ai, none, clock, log, metrics);
  for (int n = 0; n < 2; ++n) EXPECT_EQ(ask(user(1), "規準？", &alone), ai.text);
  EXPECT_EQ(ai.requests.size(), 2u);
}

}  // namespace
}  // namespace rubricon::worker
