// tests: row_locks.cpp
// tests: transaction.cpp
#include <rubricon/memory/database.hpp>

#include <rubricon/base/task_group.hpp>
#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/memory/database_road_test.hpp>

namespace rubricon::memory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(DatabaseTest, writes_to_one_chat_follow_each_other_in_the_order_they_came) {
  road_one.hold("messages.post", Moment::commit);
  auto first = begin(post(one, chat, "first"));
  auto second = begin(post(two, chat, "second"));
  auto third = begin(post(two, chat, "third"));
  EXPECT_FALSE(done(second));
  EXPECT_EQ(now(post(two, other, "elsewhere")).value().position.seq.value(), 2)
      << "other chats do not wait";
  road_one.free();
  settle();
  EXPECT_EQ(result(first).value().position.seq.value(), 2);
  EXPECT_EQ(result(second).value().position.seq.value(), 3);
  EXPECT_EQ(result(third).value().position.seq.value(), 4);
}

TEST_F(DatabaseTest, nothing_is_seen_before_the_commit) {
  for (const auto moment : {Moment::drawn, Moment::commit}) {
    const auto before = head(chat);
    road_one.hold("messages.post", moment);
    auto posting = begin(post(one, chat, "hidden"));
    const domain::StreamId room(chat.id);
    EXPECT_EQ(now(two.events().read({.stream = room}, soon())).head.seq, before);
    EXPECT_EQ(now(two.chats().membership(owner.id, chat.id, soon())).value().head.seq, before);
    EXPECT_THAT(claim(two), IsEmpty());
    EXPECT_EQ(head(chat), before);
    road_one.free();
    settle();
    EXPECT_EQ(result(posting).value().position.seq, before.next());
    EXPECT_EQ(now(two.events().read({.stream = room}, soon())).head.seq, before.next());
    EXPECT_THAT(claim(two), SizeIs(1));
  }
}

TEST_F(DatabaseTest, writes_to_different_chats_commit_in_another_order_than_their_outbox_ids) {
  road_one.hold("messages.post", Moment::drawn);
  auto slow = begin(post(one, chat, "slow"));
  ASSERT_TRUE(now(post(two, other, "quick")));
  const auto quick_row = claim(two);
  ASSERT_THAT(quick_row, SizeIs(1));
  EXPECT_EQ(quick_row[0].event.stream, domain::StreamId(other.id));
  road_one.free();
  settle();
  ASSERT_TRUE(result(slow));
  const auto slow_row = claim(two);
  ASSERT_THAT(slow_row, SizeIs(1));
  EXPECT_LT(slow_row[0].id, quick_row[0].id) << "a cursor over ids would have passed it";
}

TEST_F(DatabaseTest, a_connection_lost_before_the_commit_changes_nothing) {
  for (const auto moment : {Moment::begin, Moment::drawn, Moment::commit}) {
    road_one.lose("messages.post", moment);
    auto lost = begin(post(one, chat, "lost", "key"));
    EXPECT_THROW(result(lost), base::Unavailable);
    EXPECT_THAT(contents(), IsEmpty());
    EXPECT_THAT(claim(two), IsEmpty());
    EXPECT_EQ(database.open_calls(), 0u);
    road_one.free();
  }
  EXPECT_EQ(now(post(two, chat, "stored", "key")).value().position.seq.value(), 2);
}

TEST_F(DatabaseTest, a_lost_reply_is_a_commit_that_the_caller_does_not_learn_of) {
  int pokes = 0;
  one.outbox().on_commit([&pokes] { ++pokes; });
  road_one.lose("messages.post", Moment::reply);
  auto lost = begin(post(one, chat, "stored", "key"));
  EXPECT_THROW(result(lost), base::Unavailable);
  EXPECT_THAT(contents(), ElementsAre("stored"));
  EXPECT_EQ(pokes, 0) << "who did not hear of the commit cannot poke anybody";
  EXPECT_THAT(claim(two), SizeIs(1)) << "a sweep finds what nobody was poked for";
  road_one.free();
  EXPECT_EQ(now(post(one, chat, "stored", "key")).value().position.seq.value(), 2);
  EXPECT_THAT(contents(), SizeIs(1));
}

TEST_F(DatabaseTest, each_client_hears_of_its_own_commits_after_them) {
  bool poked = false;
  one.outbox().on_commit([&poked] { poked = true; });
  ASSERT_TRUE(now(post(two, chat, "another's")));
  EXPECT_FALSE(poked);
  road_one.hold("messages.post", Moment::commit);
  auto posting = begin(post(one, chat, "own"));
  EXPECT_FALSE(poked);
  road_one.free();
  settle();
  EXPECT_TRUE(poked);
  ASSERT_TRUE(result(posting));
}

TEST_F(DatabaseTest, dropped_connections_roll_back_at_once_and_let_others_go_on) {
  road_one.hold("messages.post", Moment::commit);
  auto lost = begin(post(one, chat, "lost"));
  auto waiting = begin(post(one, chat, "lost too"));
  auto next = begin(post(two, chat, "next"));
  one.drop_connections();
  settle();
  EXPECT_EQ(result(next).value().position.seq.value(), 2);
  EXPECT_THROW(result(waiting), base::Unavailable);
  EXPECT_FALSE(done(lost)) << "its caller is still on the road";
  road_one.free();
  settle();
  EXPECT_THROW(result(lost), base::Unavailable);
  EXPECT_THAT(contents(), ElementsAre("next"));
  EXPECT_TRUE(now(post(one, chat, "again"))) << "the next call makes a new connection";
}

TEST_F(DatabaseTest, the_server_can_drop_everybody) {
  road_one.hold("messages.post", Moment::commit);
  road_two.hold("events.read", Moment::reply);
  road_two.hold("messages.post", Moment::reply);
  auto writing = begin(post(one, chat, "lost"));
  auto reading = begin(two.events().read({.stream = domain::StreamId(chat.id)}, soon()));
  auto replying = begin(post(two, other, "stored"));
  EXPECT_EQ(database.open_calls(), 3u);
  database.drop_connections();
  road_one.free();
  road_two.free();
  settle();
  EXPECT_THROW(result(writing), base::Unavailable);
  EXPECT_THROW(result(reading), base::Unavailable);
  EXPECT_THROW(result(replying), base::Unavailable);
  EXPECT_THAT(contents(), ElementsAre("stored")) << "what was committed stays";
  EXPECT_EQ(database.open_calls(), 0u);
}

TEST_F(DatabaseTest, a_deadline_that_passes_in_the_line_for_a_row_changes_nothing) {
  road_one.hold("messages.post", Moment::commit);
  auto first = begin(post(one, chat, "first"));
  auto late = begin(post(two, chat, "late"));
  clock.advance(std::chrono::hours(1));
  road_one.free();
  settle();
  EXPECT_TRUE(result(first)) << "it had its rows in time";
  EXPECT_THROW(result(late), base::DeadlineExceeded);
  EXPECT_THAT(contents(), ElementsAre("first"));
}

base::Task<void> forget_result(base::Task<base::Result<ports::PostedMessage>> call) {
  co_await std::move(call);
}

TEST_F(DatabaseTest, who_is_cancelled_leaves_the_line_and_gives_back_the_row) {
  base::TaskGroup group(io.get_executor(), [](std::exception_ptr) { FAIL() << "not cancelled"; });
  road_one.hold("messages.post", Moment::commit);
  ASSERT_TRUE(group.spawn(forget_result(post(one, chat, "holder"))));
  settle();
  ASSERT_TRUE(group.spawn(forget_result(post(one, chat, "in the line"))));
  settle();
  auto last = begin(post(two, chat, "last"));
  auto stopped = begin(group.stop());
  EXPECT_TRUE(done(stopped));
  EXPECT_EQ(result(last).value().position.seq.value(), 2);
  EXPECT_THAT(contents(), ElementsAre("last"));
}

TEST_F(DatabaseTest, two_claimers_at_once_pass_over_each_others_rows) {
  ASSERT_TRUE(now(post(one, chat, "a")));
  road_one.hold("outbox.claim", Moment::commit);
  auto claiming = begin(one.outbox().claim(100, lease, soon()));
  ASSERT_TRUE(now(post(two, chat, "b")));
  EXPECT_THAT(claim(two), SizeIs(1)) << "the second row alone, and without waiting";
  road_one.free();
  settle();
  EXPECT_THAT(result(claiming), SizeIs(1));
}

TEST_F(DatabaseTest, a_claim_lost_before_its_commit_is_none_and_after_it_lasts_for_the_lease) {
  ASSERT_TRUE(now(post(one, chat, "a")));
  road_one.lose("outbox.claim", Moment::commit);
  EXPECT_THROW(claim(one), base::Unavailable);
  road_one.free();
  road_one.lose("outbox.claim", Moment::reply);
  EXPECT_THROW(claim(one), base::Unavailable);
  EXPECT_THAT(claim(two), IsEmpty());
  clock.advance(lease);
  EXPECT_THAT(claim(two), SizeIs(1));
}

TEST_F(DatabaseTest, an_edit_under_way_decides_what_becomes_of_the_job_that_it_cancels) {
  ASSERT_TRUE(now(post(one, chat, "question")));
  const auto job = claim(one).front().job.value();
  const auto claimed = now(two.jobs().claim(job, lease, soon())).value();
  road_one.hold("messages.edit", Moment::commit);
  const auto text = domain::MessageText::parse("better question").value();
  auto editing = begin(one.messages().edit(owner.id, chat.id, claimed.prompt.id, text, soon()));
  auto heartbeat = begin(two.jobs().heartbeat(job, claimed.job.fence, lease, soon()));
  EXPECT_FALSE(done(heartbeat)) << "the edit cancels the very job";
  auto posting = begin(post(two, chat, "another question"));
  EXPECT_FALSE(done(posting));
  road_one.free();
  settle();
  ASSERT_TRUE(result(editing));
  EXPECT_FALSE(result(heartbeat)) << "nobody waits for this answer any more";
  ASSERT_TRUE(result(posting));
  const auto rows = claim(one);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(now(two.jobs().claim(*rows[1].job, lease, soon())), std::nullopt) << "not its turn";
  EXPECT_EQ(now(two.jobs().claim(*rows[0].job, lease, soon()))->prompt.content, "better question");
}

TEST_F(DatabaseTest, an_answer_waits_for_a_claim_under_way_and_finds_its_fence_stale) {
  ASSERT_TRUE(now(post(one, chat, "question")));
  const auto job = claim(one).front().job.value();
  const auto slow = now(one.jobs().claim(job, lease, soon())).value();
  clock.advance(lease + base::Milliseconds(1));
  road_two.hold("jobs.claim", Moment::commit);
  auto quick = begin(two.jobs().claim(job, lease, soon()));
  auto finishing = begin(one.jobs().finish({.job = job,
                                            .fence = slow.job.fence,
                                            .content = "late",
                                            .meta = "{}",
                                            .rubric = {},
                                            .rubric_base = {},
                                            .title = {}},
                                           soon()));
  EXPECT_FALSE(done(finishing));
  road_two.free();
  settle();
  EXPECT_TRUE(result(quick).has_value());
  EXPECT_EQ(result(finishing).error().reason, "stale_fence");
  EXPECT_THAT(contents(), ElementsAre("question"));
}

TEST_F(DatabaseTest, streams_of_one_user_follow_each_other_too) {
  road_one.hold("chats.create", Moment::commit);
  auto first = begin(one.chats().create({.owner = owner.id, .title = {}}, soon()));
  auto second = begin(two.chats().remove(owner.id, other.id, soon()));
  EXPECT_FALSE(done(second)) << "both tell the owner";
  EXPECT_TRUE(now(post(two, chat, "nobody waits for a user's row to post")));
  road_one.free();
  settle();
  EXPECT_TRUE(result(first));
  EXPECT_TRUE(result(second));
  const auto page = now(two.events().read({.stream = domain::StreamId(owner.id)}, soon()));
  ASSERT_THAT(page.events, SizeIs(4));
  EXPECT_EQ(page.events[2].type, domain::EventType::chat_added);
  EXPECT_EQ(page.events[3].type, domain::EventType::chat_removed);
}

TEST_F(DatabaseTest, calls_at_a_time_are_bounded) {
  Road road;
  DatabaseClient small(database, {.pauses = &road, .calls_max = 2});
  road.hold("messages.post", Moment::begin);
  auto first = begin(post(small, chat, "a"));
  auto second = begin(post(small, chat, "b"));
  EXPECT_THROW(now(post(small, chat, "c")), base::Unavailable);
  EXPECT_TRUE(now(post(one, chat, "others have their own bound")));
  road.free();
  settle();
  EXPECT_TRUE(result(first));
  EXPECT_TRUE(result(second));
  EXPECT_TRUE(now(post(small, chat, "d")));
}

TEST_F(DatabaseTest, what_is_still_waiting_may_be_destroyed_after_the_database) {
  road_one.hold("messages.post", Moment::commit);
  auto holding = begin(post(one, chat, "holds"));
  auto waiting = begin(post(two, chat, "waits"));
  EXPECT_EQ(database.open_calls(), 2u);
}

struct Rows {
  std::vector<domain::Event> events;
  std::vector<ports::OutboxId> outbox;

  bool operator==(const Rows&) const = default;
};

/// What thirty posts at once leave behind.
Rows rows_of_a_run() {
  using ports::contract::run_task;
  boost::asio::io_context io;
  DatabaseHarness harness(std::make_unique<Turns>());
  const auto soon = base::Deadline::after(harness.monotonic(), std::chrono::hours(1));
  const ports::NewUser somebody{.email = domain::Email::parse("a@school.tw").value(),
                                .name = domain::DisplayName::parse("a").value(),
                                .password_hash = ""};
  const auto user =
      run_task(io, harness.users().create(somebody, ports::Admission::anybody, soon)).value().id;
  std::vector<domain::ChatId> chats;
  for (int i = 0; i < 3; ++i) {
    chats.push_back(
        run_task(io, harness.chats().create({.owner = user, .title = {}}, soon)).value().id);
  }
  const auto text = domain::MessageText::parse("m").value();
  for (std::size_t i = 0; i < 30; ++i) {
    auto call = harness.messages().post(
        {.user = user, .chat = chats[i % 3], .content = text, .key = {}, .trace = {}}, soon);
    boost::asio::co_spawn(io, std::move(call), boost::asio::use_future);
  }
  io.restart();
  io.run();
  Rows rows;
  for (const auto& [key, event] : harness.database.tables().events) rows.events.push_back(event);
  for (const auto& [id, entry] : harness.database.tables().outbox) rows.outbox.push_back(id);
  return rows;
}

TEST(DatabaseRuns, the_same_calls_with_the_same_randomness_give_the_same_rows) {
  const auto once = rows_of_a_run();
  EXPECT_THAT(once.events, SizeIs(3 + 3 + 30));
  EXPECT_EQ(once, rows_of_a_run());
}

TEST_F(DatabaseTest, a_restored_backup_goes_on_in_an_epoch_that_nobody_has_seen) {
  const auto backup = database.tables();
  const auto before = head(chat);
  road_one.hold("messages.post", Moment::commit);
  auto posting = begin(post(one, chat, "under way"));
  ASSERT_TRUE(now(post(two, other, "lost")));
  database.restore(backup);
  road_one.free();
  settle();
  EXPECT_THROW(result(posting), base::Unavailable);
  EXPECT_EQ(head(chat), before) << "positions are those of back then";
  EXPECT_EQ(now(post(two, chat, "after")).value().position,
            (domain::Position{domain::Epoch(2), before.next()}));
  database.restore(backup);
  EXPECT_EQ(now(post(two, chat, "once more")).value().position.epoch, domain::Epoch(3));
}

TEST_F(DatabaseTest, questions_open_in_a_restored_backup_are_asked_again_under_new_ids) {
  ASSERT_TRUE(now(post(one, chat, "question")));
  const auto announced = claim(two).back().job.value();
  const auto lease = base::Milliseconds(30'000);
  ASSERT_TRUE(now(one.jobs().claim(announced, lease, soon())));
  database.restore(database.tables());
  const auto due = now(two.jobs().due(base::Milliseconds(-1), 100, soon()));
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_NE(due.front(), announced) << "pieces of its first answer may still be on their way";
  EXPECT_FALSE(now(one.jobs().claim(announced, lease, soon())));
  EXPECT_TRUE(now(two.jobs().claim(due.front(), lease, soon())));
  clock.advance(base::Milliseconds(60'000));
  for (const auto& row : claim(two)) EXPECT_NE(row.job, announced);
}

}  // namespace
}  // namespace rubricon::memory
