#include <rubricon/worker/ladder.hpp>

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

/// Two models, and the assistant that needs none.
class LadderTest : public ScriptedServices {
 protected:
  LadderTest() {
    first.text = "by the first";
    second.text = "by the second";
    ai.text = "by rules";
  }

  static domain::UserId user(std::int64_t n) { return domain::UserId(base::Uuid::v7(n, {})); }

  ports::AiAnswer ask(const std::string& question, domain::UserId who = user(1)) {
    shown.clear();
    auto answer = run(two.answer(
        who, {.message = question}, [this](std::string_view piece) { shown += piece; },
        base::Deadline::after(clock.monotonic(), std::chrono::seconds(10))));
    return answer.value();
  }
  std::uint64_t count(const char* by) {
    return metrics.counter("rubricon_worker_questions_total", "", {{"answered_by", by}}).value();
  }
  Ladder ladder_of(std::vector<std::reference_wrapper<ports::AiClient>> models,
                   ports::AnswerCache& with) {
    return {std::move(models), ai, with, clock, log, metrics};
  }

  memory::AnswerMap answers{clock};
  NoCache none;
  observability::Metrics metrics;
  ScriptedAi first{"first"}, second{"second"};
  Ladder two = ladder_of({first, second}, answers);
  std::string shown;
};

TEST_F(LadderTest, the_first_model_answers_and_nothing_is_degraded) {
  first.pieces = {"by ", "the first"};
  const auto answer = ask("規準？");
  EXPECT_EQ(answer.text, "by the first");
  EXPECT_FALSE(answer.degraded);
  EXPECT_EQ(shown, "by the first");
  EXPECT_TRUE(second.requests.empty() && ai.requests.empty());
}

TEST_F(LadderTest, an_equal_question_is_asked_once_and_shown_whole_both_times) {
  ask("規準？");
  first.text = "another day";
  EXPECT_EQ(ask("規準？").text, "by the first");
  EXPECT_EQ(shown, "by the first");
  EXPECT_EQ(first.requests.size(), 1u);
  EXPECT_EQ(count("cache"), 1u);
  EXPECT_EQ(count("model"), 1u);
}

TEST_F(LadderTest, what_is_asked_again_is_thought_about_again_and_remembered) {
  ask("規準？");
  first.text = "another";
  const auto again = run(two.answer(
      user(1), {.message = "規準？", .again = true}, [](std::string_view) {},
      base::Deadline::after(clock.monotonic(), std::chrono::seconds(10))));
  EXPECT_EQ(again->text, "another");
  EXPECT_EQ(ask("規準？").text, "another");
  EXPECT_EQ(first.requests.size(), 2u);
}

TEST_F(LadderTest, what_is_asked_again_gets_no_second_makeshift) {
  first.unavailable = second.unavailable = true;
  const auto again = run(two.answer(
      user(1), {.message = "規準？", .again = true}, [](std::string_view) {},
      base::Deadline::after(clock.monotonic(), std::chrono::seconds(10))));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, "ai_unavailable");
  EXPECT_TRUE(ai.requests.empty());
}

TEST_F(LadderTest, what_only_the_rules_can_do_is_theirs_and_no_makeshift) {
  ai.must = true;
  const auto answer = ask("復原");
  EXPECT_EQ(answer.text, "by rules");
  EXPECT_FALSE(answer.degraded);
  EXPECT_TRUE(first.requests.empty());
}

TEST_F(LadderTest, nobody_gets_what_another_one_was_answered) {
  ask("規準？", user(1));
  ask("規準？", user(2));
  EXPECT_EQ(first.requests.size(), 2u);
}

TEST_F(LadderTest, another_version_of_the_model_is_asked_anew) {
  ask("規準？");
  first.version = "2";
  ask("規準？");
  EXPECT_EQ(first.requests.size(), 2u);
}

TEST_F(LadderTest, without_the_cache_every_question_is_asked) {
  auto alone = ladder_of({first}, none);
  for (int n = 0; n < 2; ++n) {
    const auto answer = run(alone.answer(
        user(1), {.message = "規準？"}, [](std::string_view) {},
        base::Deadline::after(clock.monotonic(), std::chrono::seconds(10))));
    EXPECT_EQ(answer->text, "by the first");
  }
  EXPECT_EQ(first.requests.size(), 2u);
}

TEST_F(LadderTest, where_the_first_is_away_the_second_answers_and_says_so) {
  first.unavailable = true;
  const auto answer = ask("規準？");
  EXPECT_EQ(answer.text, "by the second");
  EXPECT_TRUE(answer.degraded);
  EXPECT_EQ(count("other_model"), 1u);
}

TEST_F(LadderTest, where_all_models_are_away_the_rules_answer_within_a_second_and_say_so) {
  first.unavailable = second.unavailable = true;
  const auto begun = clock.monotonic();
  const auto answer = ask("規準？");
  EXPECT_LT(clock.monotonic() - begun, std::chrono::seconds(5)) << "a second, and a slow machine";
  EXPECT_EQ(answer.text, "by rules");
  EXPECT_TRUE(answer.degraded);
  EXPECT_EQ(count("rules"), 1u);
}

TEST_F(LadderTest, a_makeshift_is_not_remembered_as_the_models_own) {
  first.unavailable = second.unavailable = true;
  ask("規準？");
  first.unavailable = false;
  const auto answer = ask("規準？");
  EXPECT_EQ(answer.text, "by the first");
  EXPECT_FALSE(answer.degraded);
}

TEST_F(LadderTest, what_the_first_answered_before_is_better_than_the_second) {
  ask("規準？");
  first.unavailable = true;
  EXPECT_FALSE(ask("規準？").degraded);
  EXPECT_TRUE(second.requests.empty());
}

TEST_F(LadderTest, without_any_model_the_rules_are_no_makeshift) {
  auto none_configured = ladder_of({}, answers);
  const auto answer = run(none_configured.answer(
      user(1), {.message = "規準？"}, [](std::string_view) {},
      base::Deadline::after(clock.monotonic(), std::chrono::seconds(10))));
  EXPECT_EQ(answer->text, "by rules");
  EXPECT_FALSE(answer->degraded);
}

TEST_F(LadderTest, a_model_that_fails_in_the_middle_costs_the_attempt) {
  first.pieces = {"by "};
  first.unavailable = true;
  EXPECT_THROW(ask("規準？"), ports::AiFault);
  EXPECT_TRUE(second.requests.empty()) << "its text would be put behind that of the first";
}

}  // namespace
}  // namespace rubricon::worker
