/// What every JobStore must do.
#pragma once

#include <rubricon/ports/contract/job_contract.hpp>

#include <algorithm>
#include <map>

namespace rubricon::ports::contract {

class JobStoreContract : public JobContract {};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(JobStoreContract);

TEST_P(JobStoreContract, a_claimed_job_has_all_that_a_worker_needs) {
  run(harness->users().update(owner.id, {.name = {}, .locale = domain::Locale::en}, soon()))
      .value();
  ASSERT_TRUE(run(harness->chats().update(
      owner.id, chat.id,
      {.title = domain::ChatTitle::parse("議論文").value(), .context = R"({"grade":8})"}, soon())));
  for (std::int64_t version = 0; version < 2; ++version) {
    ASSERT_TRUE(run(harness->rubrics().put({.user = owner.id,
                                            .chat = chat.id,
                                            .expected = domain::RubricVersion(version),
                                            .document = R"({"v":)" + std::to_string(version) + "}",
                                            .trace = {}},
                                           soon())));
  }
  for (int i = 0; i < 45; ++i) {
    const auto job = ask("m" + std::to_string(i));
    ASSERT_TRUE(fail(claim(job).value()));
  }
  const auto job = ask("the question");
  const auto claimed = claim(job).value();
  EXPECT_EQ(claimed.job.id, job);
  EXPECT_EQ(claimed.job.chat, chat.id);
  EXPECT_EQ(claimed.job.prompt_seq, claimed.prompt.seq);
  EXPECT_EQ(claimed.job.variant, 0);
  EXPECT_EQ(claimed.job.state, domain::JobState::running);
  EXPECT_EQ(claimed.job.attempt, 1);
  EXPECT_EQ(claimed.prompt.content, "the question");
  ASSERT_THAT(claimed.history, testing::SizeIs(40));
  EXPECT_EQ(claimed.history.front().content, "m5");
  EXPECT_EQ(claimed.history.back().content, "m44");
  EXPECT_EQ(claimed.chat_title, "議論文");
  EXPECT_EQ(claimed.context, R"({"grade":8})");
  EXPECT_EQ(claimed.rubric, R"({"v":1})");
  EXPECT_EQ(claimed.rubric_version.value(), 2);
  EXPECT_EQ(claimed.previous_rubric, R"({"v":0})");
  EXPECT_EQ(claimed.locale, domain::Locale::en);
  EXPECT_EQ(claimed.trace, "00-trace");
}

TEST_P(JobStoreContract, of_many_claims_at_once_one_succeeds) {
  const auto job = ask("q");
  std::vector<base::Task<std::optional<ClaimedJob>>> claims;
  for (int i = 0; i < 20; ++i) claims.push_back(harness->jobs().claim(job, lease, soon()));
  const auto results = run_all(std::move(claims));
  EXPECT_EQ(std::ranges::count_if(results, [](const auto& c) { return c.has_value(); }), 1);
  EXPECT_FALSE(claim(domain::JobId()).has_value());
}

TEST_P(JobStoreContract, an_answer_is_a_message_and_an_event_and_ends_the_job) {
  const auto job = ask("q");
  const auto claimed = claim(job).value();
  harness->advance(base::Milliseconds(20));
  const auto position = finish(answer(claimed)).value();
  EXPECT_EQ(position.seq, claimed.prompt.seq.next());
  const auto messages = run(harness->messages().page(owner.id, chat.id, {}, soon())).value();
  const auto& stored = messages.back();
  EXPECT_EQ(stored.seq, position.seq);
  EXPECT_EQ(stored.role, domain::MessageRole::ai);
  EXPECT_EQ(stored.user, std::nullopt);
  EXPECT_EQ(stored.content, "好的");
  EXPECT_EQ(stored.reply_to, claimed.prompt.seq);
  EXPECT_EQ(stored.meta, answer(claimed).meta);
  EXPECT_EQ(stored.created_at, harness->now());
  const auto event = last_event(room);
  EXPECT_EQ(event.type, domain::EventType::message_created);
  EXPECT_EQ(event.trace, "00-trace") << "the answer belongs to its question's trace";
  EXPECT_EQ(data(event), (boost::json::value{{"id", stored.id.to_string()},
                                             {"role", "AI"},
                                             {"content", "好的"},
                                             {"time", base::format_time(stored.created_at)},
                                             {"replyTo", stored.reply_to->value()},
                                             {"meta", boost::json::parse(stored.meta)}}));
  const auto rows = claim_outbox();
  ASSERT_THAT(rows, testing::SizeIs(1));
  EXPECT_EQ(rows[0].event, event);
  EXPECT_EQ(rows[0].job, std::nullopt);
  EXPECT_FALSE(claim(job).has_value());
  EXPECT_THAT(finish(answer(claimed)), refused(base::ErrorCode::conflict, "stale_fence"));
  EXPECT_THAT(fail(claimed), refused(base::ErrorCode::conflict, "stale_fence"));
  harness->advance(std::chrono::hours(1));
  EXPECT_THAT(due(), testing::IsEmpty());
}

TEST_P(JobStoreContract, answer_rubric_and_title_are_stored_together) {
  const auto claimed = claim(ask("q")).value();
  auto finished = answer(claimed);
  finished.rubric = R"({"total":100})";
  finished.title = "議論文";
  const auto position = finish(finished).value();
  const auto view = run(harness->chats().view(owner.id, chat.id, soon())).value();
  EXPECT_EQ(view.rubric, R"({"total":100})");
  EXPECT_EQ(view.rubric_version.value(), 1);
  EXPECT_EQ(view.summary.chat.title, "議論文");
  EXPECT_EQ(boost::json::parse(view.summary.last_message->meta).at("rubricVersion"), 1);
  EXPECT_EQ(view.summary.last_message->seq, position.seq);

  std::map<domain::EventType, domain::Event> events;
  for (const auto& event : stream(room)) events.insert_or_assign(event.type, event);
  const auto& rubric = events.at(domain::EventType::rubric_updated);
  EXPECT_EQ(data(rubric), (boost::json::value{{"version", 1},
                                              {"by", "AI"},
                                              {"at", base::format_time(harness->now())},
                                              {"rubric", {{"total", 100}}}}));
  EXPECT_EQ(data(events.at(domain::EventType::chat_renamed)).at("title"), "議論文");
  EXPECT_LT(rubric.seq, position.seq) << "whoever sees the answer has the rubric";
  const auto record = run(harness->rubrics().get(owner.id, chat.id, soon())).value();
  EXPECT_EQ(record.by, domain::MessageRole::ai);
  EXPECT_EQ(record.user, std::nullopt);
}

TEST_P(JobStoreContract, a_title_that_people_gave_stays) {
  ASSERT_TRUE(run(harness->chats().update(
      owner.id, chat.id, {.title = domain::ChatTitle::parse("mine").value()}, soon())));
  auto finished = answer(claim(ask("q")).value());
  finished.title = "another";
  ASSERT_TRUE(finish(finished));
  EXPECT_EQ(run(harness->chats().view(owner.id, chat.id, soon())).value().summary.chat.title,
            "mine");
}

TEST_P(JobStoreContract, a_rubric_that_changed_in_the_meantime_stores_nothing) {
  const auto claimed = claim(ask("q")).value();
  ASSERT_TRUE(run(harness->rubrics().put(
      {.user = owner.id, .chat = chat.id, .expected = {}, .document = "{}", .trace = {}}, soon())));
  const auto head = last_event(room).seq;
  auto finished = answer(claimed);
  finished.rubric = R"({"total":1})";
  EXPECT_THAT(finish(finished), refused(base::ErrorCode::conflict, "rubric_changed"));
  EXPECT_EQ(last_event(room).seq, head);
  finished.rubric_base = domain::RubricVersion(1);
  EXPECT_TRUE(finish(finished)) << "the job is still the worker's";
}

TEST_P(JobStoreContract, an_expired_lease_passes_the_job_on_and_fences_the_first_worker_off) {
  const auto job = ask("q");
  const auto slow = claim(job).value();
  EXPECT_THAT(due(), testing::IsEmpty());
  harness->advance(lease);
  EXPECT_FALSE(claim(job).has_value()) << "the lease's last instant is its holder's";
  harness->advance(base::Milliseconds(1));
  EXPECT_THAT(due(), testing::ElementsAre(job));
  const auto quick = claim(job).value();
  EXPECT_EQ(quick.job.attempt, 2);
  EXPECT_GT(quick.job.fence, slow.job.fence);
  EXPECT_FALSE(run(harness->jobs().heartbeat(job, slow.job.fence, lease, soon())));
  EXPECT_FALSE(run(harness->jobs().release(job, slow.job.fence, soon())));
  EXPECT_THAT(finish(answer(slow, "late")), refused(base::ErrorCode::conflict, "stale_fence"));
  EXPECT_THAT(fail(slow), refused(base::ErrorCode::conflict, "stale_fence"));
  ASSERT_TRUE(finish(answer(quick, "in time")));
  EXPECT_EQ(run(harness->messages().page(owner.id, chat.id, {}, soon())).value().back().content,
            "in time");
  EXPECT_EQ(last_event(room).seq, slow.prompt.seq.next()) << "one answer";
}

TEST_P(JobStoreContract, a_clock_that_is_set_back_makes_no_job_wait) {
  // What was done while it was an hour ahead must not hold for that hour.
  const auto running = ask("asked and begun an hour ahead");
  const auto queued = ask(make_chat(owner), "asked an hour ahead");
  const auto early = claim(running).value();
  harness->set_wall_clock_back(std::chrono::hours(1));
  EXPECT_THAT(due(), testing::UnorderedElementsAre(running, queued));
  const auto later = claim(running).value();
  EXPECT_THAT(finish(answer(early)), refused(base::ErrorCode::conflict, "stale_fence"));
  EXPECT_TRUE(finish(answer(later)));
  EXPECT_TRUE(claim(queued).has_value());
}

TEST_P(JobStoreContract, a_clock_that_is_set_back_lets_only_one_question_of_a_chat_be_answered) {
  const auto first = ask("first");
  const auto second = ask("second");
  ASSERT_TRUE(claim(first));
  harness->set_wall_clock_back(std::chrono::hours(1));
  EXPECT_FALSE(claim(second).has_value()) << "the first is still open";
  const auto again = claim(first).value();
  EXPECT_FALSE(claim(first).has_value()) << "a lease of the clock as it is now holds";
  EXPECT_TRUE(finish(answer(again)));
  EXPECT_TRUE(claim(second).has_value());
}

TEST_P(JobStoreContract, a_heartbeat_keeps_the_job) {
  const auto job = ask("q");
  const auto claimed = claim(job).value();
  for (int i = 0; i < 5; ++i) {
    harness->advance(std::chrono::seconds(20));
    EXPECT_TRUE(run(harness->jobs().heartbeat(job, claimed.job.fence, lease, soon())));
  }
  EXPECT_FALSE(claim(job).has_value());
  EXPECT_THAT(due(), testing::IsEmpty());
  EXPECT_TRUE(finish(answer(claimed)));
  EXPECT_FALSE(run(harness->jobs().heartbeat(job, claimed.job.fence, lease, soon())));
}

TEST_P(JobStoreContract, a_released_job_can_be_claimed_at_once_and_the_attempt_counts) {
  const auto job = ask("q");
  const auto claimed = claim(job).value();
  EXPECT_TRUE(run(harness->jobs().release(job, claimed.job.fence, soon())));
  EXPECT_THAT(finish(answer(claimed)), refused(base::ErrorCode::conflict, "stale_fence"));
  const auto again = claim(job).value();
  EXPECT_EQ(again.job.attempt, 2);
  EXPECT_GT(again.job.fence, claimed.job.fence);
}

TEST_P(JobStoreContract, prompts_of_one_chat_are_answered_in_their_order) {
  const auto first = ask("first");
  const auto second = ask("second");
  const auto elsewhere = ask(make_chat(owner), "elsewhere");
  EXPECT_FALSE(claim(second).has_value());
  EXPECT_TRUE(claim(elsewhere).has_value()) << "chats do not wait for each other";
  const auto claimed = claim(first).value();
  EXPECT_FALSE(claim(second).has_value());
  claim_outbox();
  ASSERT_TRUE(finish(answer(claimed)));
  EXPECT_EQ(claim_outbox().back().job, second) << "the answer announces who is next";
  const auto next = claim(second).value();
  ASSERT_THAT(next.history, testing::SizeIs(2));
  EXPECT_EQ(next.history[0].content, "first");
  EXPECT_EQ(next.history[1].content, "好的") << "though it was given after the second prompt";
}

TEST_P(JobStoreContract, an_edited_question_is_asked_again_and_its_answer_stays) {
  const auto first = ask("five levels");
  const auto second = ask("and a title");
  const auto answered = claim(first).value();
  ASSERT_TRUE(finish(answer(answered, "five")));
  const auto working = claim(second).value();
  claim_outbox();
  const auto text = domain::MessageText::parse("six levels").value();
  ASSERT_TRUE(run(harness->messages().edit(owner.id, chat.id, answered.prompt.id, text, soon())));
  const auto again = claim_outbox().back().job.value();
  EXPECT_NE(again, first);
  EXPECT_EQ(claim(again), std::nullopt) << "one at a time in a chat";
  ASSERT_TRUE(finish(answer(working)));
  EXPECT_EQ(claim_outbox().back().job, again) << "its turn has come";
  const auto claimed = claim(again).value();
  EXPECT_EQ(claimed.job.variant, 1);
  EXPECT_EQ(claimed.job.prompt_seq, answered.prompt.seq);
  EXPECT_EQ(claimed.prompt.content, "six levels");
  ASSERT_TRUE(finish(answer(claimed, "six")));
  std::vector<std::string> texts;
  for (const auto& m : run(harness->messages().page(owner.id, chat.id, {}, soon())).value()) {
    if (m.reply_to == answered.prompt.seq) texts.push_back(m.content);
  }
  EXPECT_THAT(texts, testing::ElementsAre("five", "six"));
}

TEST_P(JobStoreContract, an_edit_replaces_the_answer_that_is_being_written) {
  const auto first = ask("five levels");
  const auto working = claim(first).value();
  const auto edit = [&](std::string_view text) {
    const auto content = domain::MessageText::parse(text).value();
    return run(harness->messages().edit(owner.id, chat.id, working.prompt.id, content, soon()));
  };
  ASSERT_TRUE(edit("five levels"));
  EXPECT_THAT(claim_outbox(), testing::IsEmpty()) << "the same text asks nothing";
  ASSERT_TRUE(edit("six levels"));
  const auto again = claim_outbox().back().job.value();
  EXPECT_THAT(finish(answer(working, "five")), refused(base::ErrorCode::conflict, "stale_fence"));
  EXPECT_EQ(claim(again).value().prompt.content, "six levels");
  ASSERT_TRUE(edit("seven levels"));
  EXPECT_EQ(claim(claim_outbox().back().job.value()).value().job.variant, 2);
}

TEST_P(JobStoreContract, an_edit_asks_nobody_where_the_ai_is_or_was_off) {
  const auto off = [&](std::string context) {
    ASSERT_TRUE(run(harness->chats().update(owner.id, chat.id,
                                            {.title = {}, .context = std::move(context)}, soon())));
  };
  const auto edit = [&](const PostedMessage& posted) {
    const auto content = domain::MessageText::parse("other words").value();
    ASSERT_TRUE(run(harness->messages().edit(owner.id, chat.id, posted.id, content, soon())));
  };
  const auto asked = post(owner, chat, "asked");
  off(R"({"ai":"off"})");
  const auto unasked = post(owner, chat, "unasked");
  claim_outbox();
  edit(asked);
  EXPECT_EQ(claim_outbox().back().job, std::nullopt);
  off("{}");
  claim_outbox();
  edit(unasked);
  EXPECT_EQ(claim_outbox().back().job, std::nullopt);
  EXPECT_THAT(due(base::Milliseconds(0)), testing::IsEmpty());
}

TEST_P(JobStoreContract, a_failure_is_visible_and_the_next_prompt_comes) {
  const auto first = ask("first");
  const auto second = ask("second");
  const auto claimed = claim(first).value();
  const auto position = fail(claimed).value();
  const auto event = last_event(room);
  EXPECT_EQ(event.seq, position.seq);
  EXPECT_EQ(event.type, domain::EventType::answer_failed);
  EXPECT_EQ(data(event), (boost::json::value{{"jobId", first.to_string()},
                                             {"replyTo", claimed.prompt.seq.value()},
                                             {"reason", "ai_unavailable"}}));
  EXPECT_EQ(claim_outbox().back().job, second);
  EXPECT_FALSE(claim(first).has_value());
  EXPECT_TRUE(claim(second).has_value());
}

TEST_P(JobStoreContract, due_are_the_earliest_of_each_chat_that_wait_too_long) {
  const auto first = ask("first");
  ask("second");
  harness->advance(std::chrono::seconds(3));
  const auto elsewhere = ask(make_chat(owner), "elsewhere");
  EXPECT_THAT(due(), testing::IsEmpty());
  harness->advance(std::chrono::seconds(3));
  EXPECT_THAT(due(), testing::ElementsAre(first));
  harness->advance(std::chrono::seconds(3));
  EXPECT_THAT(due(), testing::ElementsAre(first, elsewhere));
  EXPECT_THAT(run(harness->jobs().due(std::chrono::seconds(5), 1, soon())),
              testing::ElementsAre(first));
  EXPECT_THAT(due(base::Milliseconds(-1)), testing::SizeIs(2)) << "at start: all of them";
}

TEST_P(JobStoreContract, jobs_of_a_deleted_chat_wait_for_its_return) {
  const auto running = claim(ask("q")).value();
  const auto waiting = ask("q2");
  ASSERT_TRUE(run(harness->chats().remove(owner.id, chat.id, soon())));
  harness->advance(lease + base::Milliseconds(1));
  EXPECT_FALSE(claim(running.job.id).has_value());
  EXPECT_THAT(due(), testing::IsEmpty());
  EXPECT_THAT(finish(answer(running)), refused(base::ErrorCode::conflict, "stale_fence"));
  ASSERT_TRUE(run(harness->chats().restore(owner.id, chat.id, soon())));
  EXPECT_THAT(due(), testing::ElementsAre(running.job.id));
  ASSERT_TRUE(finish(answer(claim(running.job.id).value())));
  EXPECT_TRUE(claim(waiting).has_value());
}

TEST_P(JobStoreContract, an_answer_has_a_size) {
  const auto claimed = claim(ask("q")).value();
  EXPECT_THAT(finish(answer(claimed, "")), refused(base::ErrorCode::invalid));
  EXPECT_THAT(finish(answer(claimed, std::string(65'537, 'x'))), refused(base::ErrorCode::invalid));
  EXPECT_TRUE(finish(answer(claimed, std::string(65'536, 'x'))));
}

TEST_P(JobStoreContract, finishing_racing_with_posting_keeps_the_stream_whole) {
  std::vector<ClaimedJob> claimed;
  for (int i = 0; i < 20; ++i) claimed.push_back(claim(ask(make_chat(owner), "q")).value());
  claimed.push_back(claim(ask("q")).value());
  std::vector<std::future<base::Result<PostedMessage>>> posts;
  for (int i = 0; i < 50; ++i) {
    posts.push_back(boost::asio::co_spawn(
        io, harness->messages().post(message(owner, chat, "m"), soon()), boost::asio::use_future));
  }
  std::vector<base::Task<base::Result<domain::Position>>> finishes;
  for (const auto& one : claimed) {
    for (int twice = 0; twice < 2; ++twice) {
      finishes.push_back(harness->jobs().finish(answer(one), soon()));
    }
  }
  const auto results = run_all(std::move(finishes));
  EXPECT_EQ(std::ranges::count_if(results, [](const auto& r) { return r.has_value(); }), 21);
  post(owner, chat, "the last");
  const auto events = stream(room);
  ASSERT_THAT(events, testing::SizeIs(1 + 1 + 50 + 1 + 1));
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].seq.value(), static_cast<std::int64_t>(i) + 1);
  }
}

}  // namespace rubricon::ports::contract
