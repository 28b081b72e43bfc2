/// What every AnswerCache must do. The harness has `io()`, `cache()` and `advance(Milliseconds)`.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/answer_cache.hpp>
#include <rubricon/ports/contract/run_task.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports::contract {

template <typename Harness>
class AnswerCacheContract : public ::testing::Test {
 protected:
  static AnswerQuestion question(int user, const std::string& message) {
    return {.user = domain::UserId(base::Uuid::v7(user, {})),
            .model = {.name = "model", .prompt_version = "1"},
            .request = {.message = message}};
  }
  std::optional<AiAnswer> find(AnswerQuestion asked) {
    return run_task(harness.io(), harness.cache().find(std::move(asked), soon));
  }
  void keep(AnswerQuestion asked, AiAnswer answer) {
    run_task(harness.io(), harness.cache().keep(std::move(asked), std::move(answer), soon));
  }

  const base::Deadline soon = base::Deadline::at(base::Instant::max());
  Harness harness;
};
TYPED_TEST_SUITE_P(AnswerCacheContract);

TYPED_TEST_P(AnswerCacheContract, gives_back_the_whole_answer) {
  const AiAnswer answer{.text = "評分 \"規準\"",
                        .rubric = R"({"title":"評"})",
                        .outcome = AiOutcome::created,
                        .source = "model",
                        .template_id = "essay",
                        .choices = {{"五級", "改成五級"}, {"a", "b"}},
                        .chat_title = "議論文"};
  EXPECT_FALSE(this->find(this->question(1, "a")));
  this->keep(this->question(1, "a"), answer);
  const auto found = this->find(this->question(1, "a"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->text, answer.text);
  EXPECT_EQ(found->rubric, answer.rubric);
  EXPECT_EQ(found->outcome, answer.outcome);
  EXPECT_EQ(found->source, answer.source);
  EXPECT_EQ(found->template_id, answer.template_id);
  EXPECT_EQ(found->choices, answer.choices);
  EXPECT_EQ(found->chat_title, answer.chat_title);
}

TYPED_TEST_P(AnswerCacheContract, nobody_gets_an_answer_to_something_else) {
  this->keep(this->question(1, "a"), {.text = "first"});
  EXPECT_FALSE(this->find(this->question(1, "b")));
  EXPECT_FALSE(this->find(this->question(2, "a"))) << "it was another one's question";
  this->keep(this->question(1, "a"), {.text = "second"});
  const auto found = this->find(this->question(1, "a"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->text, "second");
  EXPECT_FALSE(found->rubric);
}

TYPED_TEST_P(AnswerCacheContract, forgets_after_an_hour) {
  this->keep(this->question(1, "a"), {.text = "t"});
  this->harness.advance(AnswerCache::kept - base::Milliseconds(60'000));
  EXPECT_TRUE(this->find(this->question(1, "a")));
  this->harness.advance(base::Milliseconds(60'001));
  EXPECT_FALSE(this->find(this->question(1, "a")));
}

REGISTER_TYPED_TEST_SUITE_P(AnswerCacheContract, gives_back_the_whole_answer,
                            nobody_gets_an_answer_to_something_else, forgets_after_an_hour);

}  // namespace rubricon::ports::contract
