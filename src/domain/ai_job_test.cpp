#include <rubricon/domain/ai_job.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

TEST(AiJob, states_are_spelt_as_the_database_has_them) {
  EXPECT_STREQ(to_string(JobState::queued), "queued");
  EXPECT_STREQ(to_string(JobState::cancelled), "cancelled");
}

TEST(AiJob, why_a_question_is_not_asked_again_is_said_in_a_word) {
  EXPECT_EQ(no_such_question().error().code, base::ErrorCode::not_found);
  EXPECT_EQ(answer_pending().error().reason, "answer_pending");
  EXPECT_EQ(assistant_off().error().reason, "assistant_off");
}

TEST(AiJob, a_stop_is_no_failure) {
  EXPECT_EQ(state_without_answer(stopped_code), JobState::done);
  EXPECT_EQ(state_without_answer("ai_unavailable"), JobState::failed);
  EXPECT_EQ(nothing_to_stop().error().reason, "nothing_to_stop");
  EXPECT_EQ(answer_stopped().error().reason, "answer_stopped");
}

}  // namespace
}  // namespace rubricon::domain
