/// What every RunningAnswers must do. The harness has `io()`, `answers()`, `advance(Milliseconds)`.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/ports/running_answers.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports::contract {

template <typename Harness>
class RunningAnswersContract : public ::testing::Test {
 protected:
  void update(domain::JobId of_job, int attempt, const std::string& text) {
    RunningAnswer answer{chat, of_job, domain::Seq(2), attempt, text};
    run_task(harness.io(), harness.answers().update(std::move(answer), soon));
  }
  void remove(domain::JobId of_job) {
    run_task(harness.io(), harness.answers().remove(of_job, soon));
  }
  std::vector<std::string> texts(domain::ChatId of) {
    std::vector<std::string> texts;
    for (auto& answer : run_task(harness.io(), harness.answers().of_chat(of, soon))) {
      EXPECT_EQ(answer.chat, of);
      EXPECT_EQ(answer.reply_to, domain::Seq(2));
      texts.push_back(answer.text);
    }
    return texts;
  }

  using Texts = std::vector<std::string>;

  const base::Deadline soon = base::Deadline::at(base::Instant::max());
  Harness harness;
  domain::ChatId chat{base::Uuid::v7(1, {})};
  domain::ChatId other_chat{base::Uuid::v7(2, {})};
  domain::JobId job{base::Uuid::v7(3, {})};
};
TYPED_TEST_SUITE_P(RunningAnswersContract);

TYPED_TEST_P(RunningAnswersContract, keeps_the_newest_text_of_each_answer) {
  using Texts = typename TestFixture::Texts;
  this->update(this->job, 1, "評");
  this->update(this->job, 1, "評分");
  EXPECT_EQ(this->texts(this->chat), Texts{"評分"});
  EXPECT_EQ(this->texts(this->other_chat), Texts{});
  this->remove(this->job);
  EXPECT_EQ(this->texts(this->chat), Texts{});
}

TYPED_TEST_P(RunningAnswersContract, an_older_attempt_never_replaces_a_newer_one) {
  using Texts = typename TestFixture::Texts;
  this->update(this->job, 1, "one, long");
  this->update(this->job, 2, "two");
  this->update(this->job, 1, "one, longer");
  EXPECT_EQ(this->texts(this->chat), Texts{"two"});
}

TYPED_TEST_P(RunningAnswersContract, what_nobody_updates_is_gone_after_a_minute) {
  using Texts = typename TestFixture::Texts;
  this->update(this->job, 1, "a");
  this->harness.advance(base::Milliseconds(50'000));
  EXPECT_EQ(this->texts(this->chat), Texts{"a"});
  this->harness.advance(base::Milliseconds(15'000));
  EXPECT_EQ(this->texts(this->chat), Texts{});
}

REGISTER_TYPED_TEST_SUITE_P(RunningAnswersContract, keeps_the_newest_text_of_each_answer,
                            an_older_attempt_never_replaces_a_newer_one,
                            what_nobody_updates_is_gone_after_a_minute);

}  // namespace rubricon::ports::contract
