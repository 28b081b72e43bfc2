/// What every MessageStore must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace rubricon::ports::contract {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class MessageStoreContract : public StoreContract {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner, "議論文");
    room = domain::StreamId(chat.id);
  }

  std::vector<std::int64_t> page(MessageQuery query) {
    const auto found = run(harness->messages().page(owner.id, chat.id, query, soon())).value();
    std::vector<std::int64_t> seqs;
    for (const auto& message : found) seqs.push_back(message.seq.value());
    return seqs;
  }

  domain::User owner;
  domain::Chat chat;
  domain::StreamId room{domain::ChatId()};
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MessageStoreContract);

TEST_P(MessageStoreContract, a_post_is_a_message_an_event_a_job_and_an_outbox_row) {
  claim_outbox();
  auto request = message(owner, chat, "請設計 \"評分\" 規準\n", "key-1");
  request.trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto posted = run(harness->messages().post(request, soon())).value();
  EXPECT_EQ(posted.position, (domain::Position{domain::Epoch(1), domain::Seq(2)}));
  EXPECT_EQ(posted.at, harness->now());
  EXPECT_EQ(base::time_from_unix_ms(posted.id.uuid().unix_ms()), posted.at);

  const auto stored = run(harness->messages().page(owner.id, chat.id, {}, soon())).value();
  ASSERT_THAT(stored, SizeIs(1));
  EXPECT_EQ(stored[0].id, posted.id);
  EXPECT_EQ(stored[0].seq, posted.position.seq);
  EXPECT_EQ(stored[0].role, domain::MessageRole::user);
  EXPECT_EQ(stored[0].user, owner.id);
  EXPECT_EQ(stored[0].content, request.content.value());
  EXPECT_EQ(stored[0].client_id, "key-1");
  EXPECT_EQ(stored[0].meta, "{}");
  EXPECT_EQ(stored[0].created_at, posted.at);
  EXPECT_EQ(stored[0].edited_at, std::nullopt);

  const auto event = last_event(room);
  EXPECT_EQ(event.type, domain::EventType::message_created);
  EXPECT_EQ(event.seq, posted.position.seq);
  EXPECT_EQ(event.at, posted.at);
  EXPECT_EQ(event.trace, request.trace);
  EXPECT_THAT(event.audience, ElementsAre(owner.id));
  EXPECT_EQ(data(event), (boost::json::value{{"id", posted.id.to_string()},
                                             {"role", "USER"},
                                             {"userId", owner.id.to_string()},
                                             {"content", request.content.value()},
                                             {"time", base::format_time(posted.at)},
                                             {"clientId", "key-1"}}));

  const auto rows = claim_outbox();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].event, event);
  ASSERT_TRUE(rows[0].job.has_value());
  const auto job =
      run(harness->jobs().claim(*rows[0].job, std::chrono::seconds(30), soon())).value();
  EXPECT_EQ(job.job.prompt_seq, posted.position.seq);
  EXPECT_EQ(job.prompt, stored[0]);
}

TEST_P(MessageStoreContract, a_chat_with_the_ai_off_gets_no_job) {
  const auto quiet =
      run(harness->chats().create({.owner = owner.id, .title = {}, .context = R"({"ai": "off"})"},
                                  soon()))
          .value();
  claim_outbox();
  post(owner, quiet, "to ourselves");
  const auto rows = claim_outbox();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].job, std::nullopt);
}

TEST_P(MessageStoreContract, concurrent_posts_to_many_chats_are_numbered_without_gaps) {
  std::vector<domain::Chat> chats;
  for (int i = 0; i < 5; ++i) chats.push_back(make_chat(owner));
  std::vector<base::Task<base::Result<PostedMessage>>> posts;
  for (int i = 0; i < 500; ++i) {
    const auto& to = chats[static_cast<std::size_t>(i) % chats.size()];
    posts.push_back(harness->messages().post(message(owner, to, "m" + std::to_string(i)), soon()));
  }
  const auto posted = run_all(std::move(posts));
  std::set<domain::MessageId> ids;
  std::map<std::size_t, std::vector<std::int64_t>> seqs;
  for (std::size_t i = 0; i < posted.size(); ++i) {
    ASSERT_TRUE(posted[i].has_value());
    ids.insert(posted[i]->id);
    seqs[i % chats.size()].push_back(posted[i]->position.seq.value());
  }
  EXPECT_THAT(ids, SizeIs(500));
  for (auto& [which, numbers] : seqs) {
    std::ranges::sort(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      EXPECT_EQ(numbers[i], static_cast<std::int64_t>(i) + 2);
    }
    const auto events = stream(domain::StreamId(chats[which].id));
    ASSERT_THAT(events, SizeIs(101));
    for (std::size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].seq.value(), static_cast<std::int64_t>(i) + 1);
    }
  }
}

TEST_P(MessageStoreContract, the_same_key_at_once_makes_one_message) {
  std::vector<base::Task<base::Result<PostedMessage>>> posts;
  for (int i = 0; i < 20; ++i) {
    posts.push_back(harness->messages().post(message(owner, chat, "once", "k"), soon()));
  }
  const auto posted = run_all(std::move(posts));
  for (const auto& one : posted) EXPECT_EQ(one, posted.front());
  EXPECT_THAT(page({}), ElementsAre(2));
  harness->advance(std::chrono::hours(24));
  EXPECT_EQ(run(harness->messages().post(message(owner, chat, "once", "k"), soon())),
            posted.front());
}

TEST_P(MessageStoreContract, a_key_used_for_something_else_is_a_mismatch) {
  const auto other = make_chat(owner);
  run(harness->messages().post(message(owner, chat, "one", "k"), soon())).value();
  EXPECT_THAT(run(harness->messages().post(message(owner, chat, "two", "k"), soon())),
              refused(base::ErrorCode::idempotency_mismatch));
  EXPECT_THAT(run(harness->messages().post(message(owner, other, "one", "k"), soon())),
              refused(base::ErrorCode::idempotency_mismatch));
  EXPECT_THAT(page({}), ElementsAre(2));
}

TEST_P(MessageStoreContract, keys_of_different_users_and_of_chats_are_strangers) {
  const auto friendly = make_user("friend");
  add_member(owner, chat, friendly, domain::MemberRole::editor);
  NewChat request{.owner = owner.id, .title = {}};
  request.key = domain::IdempotencyKey::parse("k").value();
  EXPECT_TRUE(run(harness->chats().create(request, soon())));
  EXPECT_TRUE(run(harness->messages().post(message(owner, chat, "mine", "k"), soon())));
  EXPECT_TRUE(run(harness->messages().post(message(friendly, chat, "hers", "k"), soon())));
}

TEST_P(MessageStoreContract, strangers_find_nothing_and_viewers_only_read) {
  const auto viewer = make_user("viewer");
  const auto stranger = make_user("stranger");
  add_member(owner, chat, viewer, domain::MemberRole::viewer);
  const auto mine = post(owner, chat, "mine");
  const auto text = domain::MessageText::parse("x").value();
  auto& messages = harness->messages();

  EXPECT_THAT(run(messages.post(message(viewer, chat, "hi"), soon())),
              refused(base::ErrorCode::forbidden));
  EXPECT_THAT(run(messages.edit(viewer.id, chat.id, mine.id, text, soon())),
              refused(base::ErrorCode::forbidden));
  EXPECT_THAT(run(messages.remove(viewer.id, chat.id, mine.id, soon())),
              refused(base::ErrorCode::forbidden));
  EXPECT_THAT(run(messages.page(viewer.id, chat.id, {}, soon())).value(), SizeIs(1));

  EXPECT_THAT(run(messages.post(message(stranger, chat, "hi"), soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_THAT(run(messages.edit(stranger.id, chat.id, mine.id, text, soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_THAT(run(messages.remove(stranger.id, chat.id, mine.id, soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_THAT(run(messages.page(stranger.id, chat.id, {}, soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_EQ(last_event(room).seq, mine.position.seq) << "a refusal must leave no trace";
}

TEST_P(MessageStoreContract, one_refused_post_does_not_hurt_its_neighbours) {
  const auto stranger = make_user("stranger");
  std::vector<base::Task<base::Result<PostedMessage>>> posts;
  for (int i = 0; i < 60; ++i) {
    posts.push_back(
        harness->messages().post(message(i % 3 == 0 ? stranger : owner, chat, "m"), soon()));
  }
  const auto posted = run_all(std::move(posts));
  for (std::size_t i = 0; i < posted.size(); ++i) EXPECT_EQ(posted[i].has_value(), i % 3 != 0);
  EXPECT_EQ(last_event(room).seq.value(), 41);
}

TEST_P(MessageStoreContract, a_post_past_its_deadline_throws_and_stores_nothing) {
  EXPECT_THROW(run(harness->messages().post(message(owner, chat, "late"), passed())),
               base::DeadlineExceeded);
  EXPECT_THROW(run(harness->messages().page(owner.id, chat.id, {}, passed())),
               base::DeadlineExceeded);
  EXPECT_THAT(page({}), IsEmpty());
}

TEST_P(MessageStoreContract, times_never_go_back_within_a_chat) {
  const auto first = post(owner, chat, "first");
  harness->set_wall_clock_back(std::chrono::hours(1));
  const auto second = post(owner, chat, "second");
  EXPECT_EQ(second.at, first.at);
  EXPECT_EQ(second.position.seq, first.position.seq.next());
}

TEST_P(MessageStoreContract, an_edit_is_an_event_and_the_message_says_so) {
  const auto mine = post(owner, chat, "tpyo");
  harness->advance(base::Milliseconds(5));
  const auto text = domain::MessageText::parse("typo").value();
  const auto edited =
      run(harness->messages().edit(owner.id, chat.id, mine.id, text, soon())).value();
  EXPECT_EQ(edited.content, "typo");
  EXPECT_EQ(edited.seq, mine.position.seq);
  EXPECT_EQ(edited.edited_at, harness->now());
  EXPECT_THAT(run(harness->messages().page(owner.id, chat.id, {}, soon())).value(),
              ElementsAre(edited));
  const auto event = last_event(room);
  EXPECT_EQ(event.type, domain::EventType::message_updated);
  EXPECT_EQ(event.seq, mine.position.seq.next());
  EXPECT_EQ(data(event), (boost::json::value{{"id", mine.id.to_string()},
                                             {"content", "typo"},
                                             {"editedAt", base::format_time(harness->now())}}));
}

TEST_P(MessageStoreContract, an_answered_question_is_asked_again_by_any_writer_and_once_at_a_time) {
  auto& messages = harness->messages();
  auto& jobs = harness->jobs();
  const auto editor = make_user("editor");
  add_member(owner, chat, editor, domain::MemberRole::editor);
  const auto question = post(owner, chat, "q").position.seq;
  const auto again = [&] { return run(messages.ask_again(editor.id, chat.id, question, soon())); };
  EXPECT_THAT(again(), refused(base::ErrorCode::conflict));
  EXPECT_EQ(again().error().reason, "answer_pending");

  const auto lease = std::chrono::seconds(30);
  const auto answer_with = [&](domain::JobId job, const char* text) {
    const auto claimed = run(jobs.claim(job, lease, soon())).value();
    EXPECT_TRUE(run(jobs.finish({.job = job,
                                 .fence = claimed.job.fence,
                                 .content = text,
                                 .meta = "{}",
                                 .rubric = {},
                                 .rubric_base = {},
                                 .title = {}},
                                soon())));
    return claimed;
  };
  answer_with(*claim_outbox().back().job, "first");
  const auto second = again().value();
  EXPECT_EQ(again().error().reason, "answer_pending") << "a repetition does nothing";
  harness->advance(base::Milliseconds(10));
  EXPECT_THAT(run(jobs.due(base::Milliseconds(1), 10, soon())), ElementsAre(second));
  const auto claimed = answer_with(second, "second");
  EXPECT_EQ(claimed.job.variant, 1);
  EXPECT_EQ(claimed.prompt.content, "q");
  const auto all = run(messages.page(owner.id, chat.id, {}, soon())).value();
  ASSERT_GE(all.size(), 2u);
  EXPECT_EQ(all[all.size() - 2].content, "first") << "it stays";
  EXPECT_EQ(all.back().content, "second");
  EXPECT_EQ(all.back().reply_to, question);
}

TEST_P(MessageStoreContract, only_a_question_where_the_assistant_is_on_is_asked_again) {
  auto& messages = harness->messages();
  const auto viewer = make_user("viewer");
  const auto stranger = make_user("stranger");
  add_member(owner, chat, viewer, domain::MemberRole::viewer);
  const auto question = post(owner, chat, "q").position.seq;
  const auto again = [&](const domain::User& user, domain::Seq seq) {
    return run(messages.ask_again(user.id, chat.id, seq, soon()));
  };
  EXPECT_THAT(again(viewer, question), refused(base::ErrorCode::forbidden));
  EXPECT_THAT(again(stranger, question), refused(base::ErrorCode::not_found));
  EXPECT_THAT(again(owner, domain::Seq(1)), refused(base::ErrorCode::not_found)) << "no message";
  EXPECT_THAT(again(owner, question.next()), refused(base::ErrorCode::not_found));
  const auto quiet =
      run(harness->chats().create({.owner = owner.id, .title = {}, .context = R"({"ai":"off"})"},
                                  soon()))
          .value();
  const auto said = post(owner, quiet, "to myself").position.seq;
  EXPECT_EQ(run(messages.ask_again(owner.id, quiet.id, said, soon())).error().reason,
            "assistant_off");
}

TEST_P(MessageStoreContract, a_removed_message_is_gone_and_its_answer_cancelled) {
  claim_outbox();
  const auto first = post(owner, chat, "first");
  const auto job = claim_outbox().front().job.value();
  const auto second = post(owner, chat, "second");
  const auto next = claim_outbox().front().job.value();
  ASSERT_TRUE(run(harness->messages().remove(owner.id, chat.id, first.id, soon())));
  EXPECT_THAT(page({}), ElementsAre(second.position.seq.value()));
  const auto event = last_event(room);
  EXPECT_EQ(event.type, domain::EventType::message_deleted);
  EXPECT_EQ(data(event), (boost::json::value{{"id", first.id.to_string()}}));
  EXPECT_EQ(claim_outbox().front().job, next) << "its turn has come";
  EXPECT_EQ(run(harness->jobs().claim(job, std::chrono::seconds(30), soon())), std::nullopt);

  const auto text = domain::MessageText::parse("x").value();
  EXPECT_THAT(run(harness->messages().remove(owner.id, chat.id, first.id, soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_THAT(run(harness->messages().edit(owner.id, chat.id, first.id, text, soon())),
              refused(base::ErrorCode::not_found));
}

TEST_P(MessageStoreContract, only_the_author_changes_a_message) {
  const auto editor = make_user("editor");
  add_member(owner, chat, editor, domain::MemberRole::editor);
  const auto mine = post(owner, chat, "mine");
  const auto text = domain::MessageText::parse("x").value();
  EXPECT_THAT(run(harness->messages().edit(editor.id, chat.id, mine.id, text, soon())),
              refused(base::ErrorCode::forbidden));
  EXPECT_THAT(run(harness->messages().remove(editor.id, chat.id, mine.id, soon())),
              refused(base::ErrorCode::forbidden));
}

TEST_P(MessageStoreContract, pages_go_both_ways_by_seq_oldest_first) {
  for (int i = 0; i < 9; ++i) post(owner, chat, "m");  // seq 2 to 10
  const auto seq = [](std::int64_t n) { return domain::Seq(n); };
  EXPECT_THAT(page({.before = {}, .after = {}, .limit = 3}), ElementsAre(8, 9, 10));
  EXPECT_THAT(page({.before = seq(8), .after = {}, .limit = 3}), ElementsAre(5, 6, 7));
  EXPECT_THAT(page({.before = seq(4), .after = {}, .limit = 3}), ElementsAre(2, 3));
  EXPECT_THAT(page({.before = {}, .after = seq(2), .limit = 3}), ElementsAre(3, 4, 5));
  EXPECT_THAT(page({.before = {}, .after = seq(9), .limit = 3}), ElementsAre(10));
  EXPECT_THAT(page({.before = seq(6), .after = seq(3), .limit = 3}), ElementsAre(4, 5));
  EXPECT_THAT(page({.before = {}, .after = seq(10), .limit = 3}), IsEmpty());
  EXPECT_THAT(page({.before = seq(2), .after = {}, .limit = 3}), IsEmpty());
}

}  // namespace rubricon::ports::contract
