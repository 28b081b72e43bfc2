/// What every DeadJobs must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

namespace rubricon::ports::contract {

class DeadJobsContract : public StoreContract {
 protected:
  static constexpr base::Milliseconds lease = std::chrono::seconds(30);

  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner);
    claim_outbox();
  }

  domain::JobId ask(std::string_view text) {
    last = post(owner, chat, text);
    return claim_outbox().back().job.value();
  }
  ClaimedJob claim(domain::JobId job) {
    return run(harness->jobs().claim(job, lease, soon())).value();
  }
  void fail(domain::JobId job, std::string reason = "ai_unavailable") {
    const auto claimed = claim(job);
    ASSERT_TRUE(run(harness->jobs().fail(job, claimed.job.fence, std::move(reason), soon())));
  }
  base::Result<domain::Position> finish(domain::JobId job) {
    const auto claimed = claim(job);
    return run(harness->jobs().finish(
        {.job = job,
         .fence = claimed.job.fence,
         .content = "an answer",
         .meta = R"({"source":"rules","degraded":false,"outcome":"answered"})",
         .rubric = {},
         .rubric_base = {},
         .title = {}},
        soon()));
  }
  std::vector<DeadJob> list(std::optional<domain::JobId> before = {}, std::size_t limit = 10) {
    return run(harness->dead_jobs().list(before, limit, soon()));
  }
  std::vector<domain::JobId> listed(std::optional<domain::JobId> before = {},
                                    std::size_t limit = 10) {
    std::vector<domain::JobId> jobs;
    for (const auto& dead : list(before, limit)) jobs.push_back(dead.job);
    return jobs;
  }
  base::Result<domain::JobId> replay(domain::JobId job) {
    return run(harness->dead_jobs().replay(job, soon()));
  }

  domain::User owner;
  domain::Chat chat;
  PostedMessage last;
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DeadJobsContract);

TEST_P(DeadJobsContract, what_failed_is_listed_with_its_reason_and_nothing_else_is) {
  ASSERT_TRUE(finish(ask("answered")));
  const auto dead = ask("given up");
  harness->advance(std::chrono::seconds(7));
  fail(dead, "too_many_attempts");
  const auto prompt = last.position.seq;
  ask("open");
  ASSERT_THAT(listed(), testing::ElementsAre(dead));
  const auto seen = list().front();
  EXPECT_EQ(seen.chat, chat.id);
  EXPECT_EQ(seen.prompt, prompt);
  EXPECT_EQ(seen.attempts, 1);
  EXPECT_EQ(seen.reason, "too_many_attempts");
  EXPECT_EQ(seen.failed_at, harness->now());
}

TEST_P(DeadJobsContract, they_come_newest_first_a_page_at_a_time) {
  std::vector<domain::JobId> jobs;
  for (int i = 0; i < 5; ++i) {
    jobs.push_back(ask("m" + std::to_string(i)));
    fail(jobs.back());
    harness->advance(base::Milliseconds(10));
  }
  EXPECT_THAT(listed({}, 2), testing::ElementsAre(jobs[4], jobs[3]));
  EXPECT_THAT(listed(jobs[3], 2), testing::ElementsAre(jobs[2], jobs[1]));
  EXPECT_THAT(listed(jobs[1], 2), testing::ElementsAre(jobs[0]));
  EXPECT_THAT(listed(jobs[0], 2), testing::IsEmpty());
}

TEST_P(DeadJobsContract, a_question_is_asked_again_once_and_answered_once) {
  const auto dead = ask("given up");
  fail(dead);
  const auto again = replay(dead).value();
  EXPECT_NE(again, dead);
  EXPECT_THAT(listed(), testing::IsEmpty());
  EXPECT_THAT(replay(dead), refused(base::ErrorCode::not_found)) << "it was asked again already";
  EXPECT_THAT(replay(again), refused(base::ErrorCode::not_found)) << "it has not failed";
  harness->advance(std::chrono::seconds(6));
  EXPECT_THAT(run(harness->jobs().due(std::chrono::seconds(5), 10, soon())),
              testing::ElementsAre(again))
      << "a worker finds it by itself";
  ASSERT_TRUE(finish(again));
  const auto page = run(harness->messages().page(owner.id, chat.id, {}, soon())).value();
  EXPECT_THAT(page, testing::SizeIs(2)) << "the question and its answer";
  EXPECT_THAT(replay(dead), refused(base::ErrorCode::not_found));
}

TEST_P(DeadJobsContract, what_fails_again_is_dead_once) {
  const auto dead = ask("given up");
  fail(dead);
  const auto again = replay(dead).value();
  fail(again, "too_many_attempts");
  ASSERT_THAT(listed(), testing::ElementsAre(again));
  EXPECT_EQ(list().front().reason, "too_many_attempts");
  EXPECT_THAT(replay(dead), refused(base::ErrorCode::not_found));
  EXPECT_TRUE(replay(again));
}

TEST_P(DeadJobsContract, of_many_at_once_one_asks_again) {
  const auto dead = ask("given up");
  fail(dead);
  std::vector<base::Task<base::Result<domain::JobId>>> calls;
  for (int i = 0; i < 5; ++i) calls.push_back(harness->dead_jobs().replay(dead, soon()));
  int asked = 0;
  for (const auto& result : run_all(std::move(calls))) asked += result ? 1 : 0;
  EXPECT_EQ(asked, 1);
}

TEST_P(DeadJobsContract, what_nobody_can_answer_any_more_is_left_alone) {
  const auto first = ask("deleted");
  fail(first);
  ASSERT_TRUE(run(harness->messages().remove(owner.id, chat.id, last.id, soon())));
  const auto second = ask("in a chat that is deleted");
  fail(second);
  EXPECT_THAT(listed(), testing::ElementsAre(second));
  ASSERT_TRUE(run(harness->chats().remove(owner.id, chat.id, soon())));
  EXPECT_THAT(listed(), testing::IsEmpty());
  for (const auto job : {first, second, domain::JobId()}) {
    EXPECT_THAT(replay(job), refused(base::ErrorCode::not_found));
  }
}

TEST_P(DeadJobsContract, a_chat_with_its_assistant_switched_off_is_told) {
  const auto dead = ask("given up");
  fail(dead);
  ASSERT_TRUE(run(harness->chats().update(owner.id, chat.id,
                                          {.title = {}, .context = R"({"ai":"off"})"}, soon())));
  EXPECT_THAT(replay(dead), refused(base::ErrorCode::conflict, "assistant_off"));
  EXPECT_THAT(listed(), testing::ElementsAre(dead));
}

}  // namespace rubricon::ports::contract
