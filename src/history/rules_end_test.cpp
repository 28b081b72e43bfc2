#include <rubricon/history/rules.hpp>

#include "good_history_test.hpp"

#include <gmock/gmock.h>

namespace rubricon::history {
namespace {

using testing::HasSubstr;

using RulesOfTheEnd = GoodHistory;

TEST_F(RulesOfTheEnd, rule_8_finds_two_answers_and_none) {
  chat().events[5].reply_to = 3;
  EXPECT_EQ(broken(), Rules{8});
  EXPECT_THAT(first(), HasSubstr("the prompt at 3 of chat-1 has 2 answers and failures"));
  chat().events[5].reply_to = 0;
  EXPECT_EQ(broken(), Rules{8});
  EXPECT_THAT(first(), HasSubstr("the prompt at 5 of chat-1 has 0 answers"));
}

TEST_F(RulesOfTheEnd, rule_8_finds_a_question_without_a_job) {
  history.store.jobs.pop_back();
  chat().events[5].kind = Kind::other;
  EXPECT_EQ(broken(), Rules{8});
  EXPECT_THAT(first(), HasSubstr("the prompt at 5 of chat-1 was given to nobody"));
  chat().events[4].asks = false;
  EXPECT_EQ(broken(), Rules{});
}

TEST_F(RulesOfTheEnd, rule_8_takes_a_visible_failure_for_an_end_but_not_with_an_answer) {
  chat().events[5].kind = Kind::answer_failed;
  history.store.jobs[1].state = Job::State::failed;
  EXPECT_EQ(broken(), Rules{});
  chat().events[5].reply_to = 3;
  EXPECT_EQ(broken(), Rules{8});
}

TEST_F(RulesOfTheEnd, rule_8_finds_a_job_without_an_end) {
  history.store.jobs[1].state = Job::State::open;
  EXPECT_EQ(broken(), Rules{8});
  EXPECT_THAT(first(), HasSubstr("its job is open"));
}

TEST_F(RulesOfTheEnd, rule_8_finds_text_of_two_attempts_in_one_answer_stored_or_shown) {
  chat().events[3].marks = {"call-1", "call-2"};
  EXPECT_EQ(broken(), Rules{8});
  chat().events[3].marks = {"call-2"};
  history.partials = {{"bob/1", "job-1", 1, {"call-1"}, At(150)},
                      {"bob/1", "job-1", 2, {"call-2"}, At(160)}};
  EXPECT_EQ(broken(), Rules{});
  history.partials[1].marks = {"call-1", "call-2"};
  EXPECT_EQ(broken(), Rules{8});
}

TEST_F(RulesOfTheEnd, rule_9_finds_what_is_left_over) {
  history.store.outbox_rows = 1;
  EXPECT_EQ(broken(), Rules{9});
  history.store.outbox_rows = 0;
  history.store.dead_jobs = 1;
  EXPECT_EQ(broken(), Rules{9});
  EXPECT_THAT(first(), HasSubstr("1 questions are listed as given up, 0 were"));
  history.store.dead_jobs_expected = 1;
  EXPECT_EQ(broken(), Rules{});
}

TEST_F(RulesOfTheEnd, rule_10_finds_who_took_too_long_to_be_level) {
  EXPECT_EQ(recovery_times(history), (std::vector<At>{At(50), At(50)}));
  history.applied.back().at = At(60'451);
  EXPECT_EQ(broken(), Rules{10});
  EXPECT_EQ(recovery_times(history), (std::vector<At>{At(50), At(60'001)}));
  EXPECT_THAT(first(), HasSubstr("bob/1 was not level in chat-1 within 60 s"));
}

// A backup was restored: what was applied in the epoch before it is further on, and is not it.
TEST_F(RulesOfTheEnd, rule_10_counts_from_the_epoch_that_was_restored) {
  history.heads_when_healed["chat-1"] = {2, 4};
  EXPECT_EQ(recovery_times(history), (std::vector<At>{At::max(), At::max()}));
  for (const auto* who : {"ann/1", "bob/1"}) {
    history.snapshots.push_back({who, "chat-1", 2, 4, {}, At(451), ++order});
  }
  EXPECT_EQ(recovery_times(history), (std::vector<At>{At(1), At(1)}));
}

}  // namespace
}  // namespace rubricon::history
