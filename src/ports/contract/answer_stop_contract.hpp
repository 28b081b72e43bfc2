/// What every pair of MessageStore and JobStore must do when somebody stops an answer: exactly one
/// end is stored for the question, whoever is faster.
#pragma once

#include <rubricon/ports/contract/job_contract.hpp>

#include <algorithm>

namespace rubricon::ports::contract {

class AnswerStopContract : public JobContract {
 protected:
  base::Result<domain::JobId> stop(const domain::User& user, domain::Seq question) {
    return run(harness->messages().stop_answer(user.id, chat.id, question, soon()));
  }
  bool stop_wanted(domain::JobId job) { return run(harness->jobs().stop_wanted(job, soon())); }
  static FinishedAnswer stopped_answer(const ClaimedJob& claimed, std::string shown) {
    auto finished = answer(claimed, std::move(shown));
    finished.meta = R"({"source":"rules","degraded":false,"outcome":"answered","stopped":true})";
    finished.ending = AnswerEnding::stopped;
    return finished;
  }
  template <typename T>
  static base::Task<bool> accepted(base::Task<base::Result<T>> call) {
    const auto result = co_await std::move(call);
    co_return result.has_value();
  }
  /// Answers and visible ends of a question, as the stream has them.
  std::size_t ends_of(domain::Seq question) {
    const auto events = stream(room);
    return static_cast<std::size_t>(std::ranges::count_if(events, [&](const auto& event) {
      const auto text = data(event);
      const auto* reply_to = text.as_object().if_contains("replyTo");
      return reply_to != nullptr && *reply_to == boost::json::value(question.value());
    }));
  }
  std::vector<DeadJob> dead() { return run(harness->dead_jobs().list({}, 10, soon())); }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AnswerStopContract);

TEST_P(AnswerStopContract, what_was_seen_of_a_running_answer_becomes_its_end) {
  const auto job = ask("q");
  const auto claimed = claim(job).value();
  const auto question = claimed.prompt.seq;
  EXPECT_FALSE(stop_wanted(job));
  EXPECT_EQ(stop(owner, question).value(), job);
  EXPECT_TRUE(stop_wanted(job));
  EXPECT_EQ(ends_of(question), 0u) << "its worker knows what was seen";
  ASSERT_TRUE(finish(stopped_answer(claimed, "評分規")));
  EXPECT_FALSE(stop_wanted(job));
  EXPECT_EQ(ends_of(question), 1u);
  const auto stored = run(harness->messages().page(owner.id, chat.id, {}, soon())).value().back();
  EXPECT_EQ(stored.content, "評分規");
  EXPECT_EQ(stored.reply_to, question);
  EXPECT_EQ(boost::json::parse(stored.meta).at("stopped"), true);
}

TEST_P(AnswerStopContract, stopping_twice_changes_nothing_and_afterwards_there_is_nothing_to_stop) {
  const auto job = ask("q");
  const auto claimed = claim(job).value();
  EXPECT_EQ(stop(owner, claimed.prompt.seq).value(), job);
  const auto head = last_event(room).seq;
  EXPECT_EQ(stop(owner, claimed.prompt.seq).value(), job);
  EXPECT_EQ(last_event(room).seq, head);
  ASSERT_TRUE(finish(stopped_answer(claimed, "so far")));
  EXPECT_THAT(stop(owner, claimed.prompt.seq),
              refused(base::ErrorCode::conflict, "nothing_to_stop"));
  EXPECT_EQ(ends_of(claimed.prompt.seq), 1u);
}

TEST_P(AnswerStopContract, a_job_that_waits_in_the_queue_ends_at_once_and_the_next_has_its_turn) {
  const auto first = ask("first");
  const auto second = ask("second");
  const auto question = last_event(room).seq;
  const auto working = claim(first).value();
  EXPECT_EQ(stop(owner, question).value(), second) << "before it had its turn";
  const auto event = last_event(room);
  EXPECT_EQ(event.type, domain::EventType::answer_failed);
  EXPECT_EQ(data(event), (boost::json::value{{"jobId", second.to_string()},
                                             {"replyTo", question.value()},
                                             {"reason", domain::stopped_code}}));
  ASSERT_TRUE(finish(answer(working)));
  EXPECT_EQ(claim(second), std::nullopt);
  EXPECT_THAT(dead(), testing::IsEmpty()) << "nothing went wrong";

  const auto third = ask("third");
  const auto fourth = ask("fourth");
  claim_outbox();
  EXPECT_EQ(stop(owner, claim(third).value().prompt.seq).value(), third);
  EXPECT_EQ(claim(fourth), std::nullopt) << "the third has not ended";
  ASSERT_TRUE(run(harness->messages().ask_again(owner.id, chat.id, question, soon())))
      << "what was stopped can be asked again";
}

TEST_P(AnswerStopContract, a_released_job_ends_at_once_and_announces_who_is_next) {
  const auto first = ask("first");
  const auto second = ask("second");
  const auto claimed = claim(first).value();
  ASSERT_TRUE(run(harness->jobs().release(first, claimed.job.fence, soon())));
  claim_outbox();
  EXPECT_EQ(stop(owner, claimed.prompt.seq).value(), first);
  EXPECT_EQ(claim_outbox().back().job, second);
  EXPECT_EQ(ends_of(claimed.prompt.seq), 1u);
  EXPECT_TRUE(claim(second).has_value());
}

TEST_P(AnswerStopContract, a_worker_that_died_before_the_stop_is_not_waited_for) {
  const auto claimed = claim(ask("q")).value();
  harness->advance(lease + base::Milliseconds(1));
  EXPECT_TRUE(stop(owner, claimed.prompt.seq));
  EXPECT_EQ(ends_of(claimed.prompt.seq), 1u);
  EXPECT_THAT(finish(stopped_answer(claimed, "late")),
              refused(base::ErrorCode::conflict, "stale_fence"));
}

TEST_P(AnswerStopContract, a_worker_that_dies_after_the_stop_leaves_the_end_to_the_next) {
  const auto job = ask("q");
  const auto first = claim(job).value();
  EXPECT_FALSE(first.stopped);
  EXPECT_TRUE(stop(owner, first.prompt.seq));
  harness->advance(lease + base::Milliseconds(1));
  EXPECT_THAT(due(), testing::ElementsAre(job));
  const auto second = claim(job).value();
  EXPECT_TRUE(second.stopped);
  EXPECT_TRUE(stop(owner, first.prompt.seq)) << "again: nothing changes";
  ASSERT_TRUE(
      run(harness->jobs().fail(job, second.job.fence, std::string(domain::stopped_code), soon())));
  EXPECT_THAT(finish(stopped_answer(first, "late")),
              refused(base::ErrorCode::conflict, "stale_fence"));
  EXPECT_EQ(ends_of(first.prompt.seq), 1u);
  EXPECT_THAT(dead(), testing::IsEmpty());
}

TEST_P(AnswerStopContract, after_a_stop_no_answer_is_stored_as_if_there_had_been_none) {
  const auto claimed = claim(ask("q")).value();
  EXPECT_TRUE(stop(owner, claimed.prompt.seq));
  const auto head = last_event(room).seq;
  auto whole = answer(claimed, "all of it");
  whole.rubric = R"({"total":1})";
  EXPECT_THAT(finish(whole), refused(base::ErrorCode::conflict, "answer_stopped"));
  EXPECT_EQ(last_event(room).seq, head);
  EXPECT_TRUE(finish(stopped_answer(claimed, "all of it"))) << "the job is still the worker's";
}

TEST_P(AnswerStopContract, a_stop_that_comes_too_late_leaves_the_answer_as_it_is) {
  const auto claimed = claim(ask("q")).value();
  ASSERT_TRUE(finish(answer(claimed)));
  EXPECT_THAT(stop(owner, claimed.prompt.seq),
              refused(base::ErrorCode::conflict, "nothing_to_stop"));
  EXPECT_EQ(ends_of(claimed.prompt.seq), 1u);
}

TEST_P(AnswerStopContract, an_edited_question_is_asked_again_though_it_was_stopped) {
  const auto claimed = claim(ask("five levels")).value();
  EXPECT_TRUE(stop(owner, claimed.prompt.seq));
  const auto text = domain::MessageText::parse("six levels").value();
  claim_outbox();
  ASSERT_TRUE(run(harness->messages().edit(owner.id, chat.id, claimed.prompt.id, text, soon())));
  const auto again = claim(claim_outbox().back().job.value()).value();
  EXPECT_FALSE(again.stopped);
  EXPECT_TRUE(finish(answer(again)));
}

TEST_P(AnswerStopContract, whoever_may_write_may_stop_and_only_an_answer) {
  const auto editor = make_user("editor");
  const auto viewer = make_user("viewer");
  add_member(owner, chat, editor, domain::MemberRole::editor);
  add_member(owner, chat, viewer, domain::MemberRole::viewer);
  const auto claimed = claim(ask("q")).value();
  const auto question = claimed.prompt.seq;
  EXPECT_THAT(stop(viewer, question), refused(base::ErrorCode::forbidden));
  EXPECT_THAT(stop(make_user("stranger"), question), refused(base::ErrorCode::not_found));
  EXPECT_THAT(stop(owner, domain::Seq(1)), refused(base::ErrorCode::not_found, "no_such_question"));
  EXPECT_FALSE(stop_wanted(claimed.job.id));
  EXPECT_TRUE(stop(editor, question));
}

TEST_P(AnswerStopContract, a_stop_racing_with_the_end_leaves_one_end_each) {
  std::vector<ClaimedJob> claimed;
  std::vector<base::Task<bool>> calls;
  for (std::size_t i = 0; i < 40; ++i) {
    const auto& one = claimed.emplace_back(claim(ask(make_chat(owner), "q")).value());
    calls.push_back(
        accepted(harness->messages().stop_answer(owner.id, one.job.chat, one.prompt.seq, soon())));
    calls.push_back(accepted(harness->jobs().finish(answer(one), soon())));
    if (i % 2 == 1) std::swap(calls[2 * i], calls[2 * i + 1]);
  }
  const auto results = run_all(std::move(calls));
  for (std::size_t i = 0; i < claimed.size(); ++i) {
    EXPECT_NE(results[2 * i], results[2 * i + 1]) << "one of the two came first";
    room = domain::StreamId(claimed[i].job.chat);
    if (ends_of(claimed[i].prompt.seq) == 0) {
      EXPECT_TRUE(finish(stopped_answer(claimed[i], "so far")));
    }
    EXPECT_EQ(ends_of(claimed[i].prompt.seq), 1u);
  }
}

}  // namespace rubricon::ports::contract
