// tests: idempotency.cpp
// tests: post_batch.cpp
#include <rubricon/postgres/writer.hpp>

#include <rubricon/postgres/store_test.hpp>

#include <algorithm>

namespace rubricon::postgres {
namespace {

using base::ErrorCode;
using ports::PostedMessage;
using ports::contract::refused;
using Posted = base::Result<PostedMessage>;

class WriterTest : public StoreTest {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner);
    other = make_chat(owner);
  }

  std::future<Posted> begin_post(const domain::Chat& to, std::string_view key = "") {
    return begin(harness->messages().post(message(owner, to, "text", key), soon()));
  }
  /// Holds the chat's row until end_hold.
  void hold(const domain::Chat& held) {
    inspector.run("BEGIN");
    inspector.run(
        fmt::format("SELECT 1 FROM chats WHERE id = '{}' FOR NO KEY UPDATE", held.id.to_string()));
  }
  void end_hold() { inspector.run("ROLLBACK"); }
  Statistics statistics() { return home().first().statistics(); }

  domain::User owner;
  domain::Chat chat;
  domain::Chat other;
};

TEST_P(WriterTest, posts_that_wait_together_are_committed_together) {
  std::vector<base::Task<Posted>> posts;
  for (int i = 0; i < 600; ++i) {
    posts.push_back(harness->messages().post(message(owner, i % 2 ? chat : other, "m"), soon()));
  }
  for (const auto& posted : run_all(std::move(posts))) ASSERT_TRUE(posted);
  EXPECT_EQ(statistics().posts, 600u);
  EXPECT_LE(statistics().batches, 4u) << "256 at once";
  EXPECT_EQ(statistics().batches_retried, 0u);
  EXPECT_EQ(statistics().post_queue, 0u);
  expect_whole(chat);
  expect_whole(other);
}

TEST_P(WriterTest, several_processes_post_to_the_same_chats_without_gap_or_deadlock) {
  std::vector<domain::Chat> chats{chat, other};
  for (int i = 0; i < 6; ++i) chats.push_back(make_chat(owner));
  std::vector<Database*> processes{&home().first()};
  for (int i = 0; i < 2; ++i) processes.push_back(&home().add_process(io));
  std::vector<std::future<Posted>> posts;
  for (int i = 0; i < 900; ++i) {
    const auto which = static_cast<std::size_t>(i);
    posts.push_back(begin(processes[which % processes.size()]->messages().post(
        message(owner, chats[which / 3 % chats.size()], "m", fmt::format("k{}", i)), soon())));
  }
  for (auto& post : posts) EXPECT_TRUE(end(std::move(post)));
  for (const auto& one : chats) expect_whole(one);
  for (auto* const process : processes) EXPECT_EQ(process->statistics().batches_retried, 0u);
  EXPECT_EQ(inspector.number("SELECT count(*) FROM messages"), 900);
  EXPECT_EQ(inspector.number("SELECT deadlocks FROM pg_stat_database "
                             "WHERE datname = current_database()"),
            0);
}

TEST_P(WriterTest, outbox_ids_rise_with_the_seqs_of_a_chat_whoever_writes) {
  auto& second = home().add_process(io);
  std::vector<std::future<Posted>> posts;
  for (int i = 0; i < 200; ++i) {
    auto& process = i % 2 ? home().first() : second;
    posts.push_back(begin(process.messages().post(message(owner, chat, "m"), soon())));
  }
  for (auto& post : posts) ASSERT_TRUE(end(std::move(post)));
  EXPECT_EQ(inspector.number("SELECT count(*) FROM (SELECT seq < lag(seq) OVER (PARTITION BY "
                             "stream ORDER BY id) AS back FROM outbox) o WHERE back"),
            0);
}

TEST_P(WriterTest, whoever_makes_a_batch_fail_is_alone_with_it) {
  auto bad = message(owner, chat, "bad");
  bad.trace = "\xff";  // no text to PostgreSQL
  std::vector<std::future<Posted>> posts;
  for (int i = 0; i < 5; ++i) posts.push_back(begin_post(chat));
  auto failing = begin(harness->messages().post(bad, soon()));
  for (int i = 0; i < 5; ++i) posts.push_back(begin_post(other));
  for (auto& post : posts) EXPECT_TRUE(end(std::move(post)));
  EXPECT_THROW(end(std::move(failing)), Defect);
  EXPECT_EQ(statistics().batches_retried, 1u);
  EXPECT_EQ(messages_in(chat), 5);
  expect_whole(chat);
}

TEST_P(WriterTest, a_chat_that_is_held_for_a_moment_gets_its_posts_in_their_order) {
  hold(chat);
  std::vector<std::future<Posted>> posts;
  for (int i = 0; i < 3; ++i) posts.push_back(begin_post(chat));
  run_until([this] { return waiting_for_locks() == 1; });
  for (int i = 0; i < 3; ++i) posts.push_back(begin_post(chat));
  ASSERT_TRUE(end(begin_post(other)));
  end_hold();
  std::vector<std::int64_t> seqs;
  for (auto& post : posts) seqs.push_back(end(std::move(post)).value().position.seq.value());
  EXPECT_THAT(seqs, testing::ElementsAre(2, 3, 4, 5, 6, 7));
  EXPECT_EQ(statistics().posts_skipped, 9u) << "three posts, three times";
  EXPECT_EQ(statistics().batches_alone, 2u);
}

TEST_P(WriterTest, a_chat_that_stays_held_is_refused_in_time_and_the_others_never_wait) {
  hold(chat);
  auto stuck = begin_post(chat);
  run_until([this] { return waiting_for_locks() == 1; });
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(end(begin_post(other)));
  EXPECT_FALSE(ready(stuck)) << "the others did not wait for its two seconds";
  EXPECT_THROW(end(std::move(stuck)), base::Unavailable);
  end_hold();
  EXPECT_TRUE(end(begin_post(chat)));
  EXPECT_EQ(messages_in(chat), 1);
}

TEST_P(WriterTest, a_connection_lost_before_the_commit_is_nobodys_business) {
  inspector.run("BEGIN; LOCK TABLE idempotency IN ACCESS EXCLUSIVE MODE");
  auto first = begin_post(chat);
  auto second = begin_post(chat, "k");
  run_until([this] { return waiting_for_locks() == 1; });
  terminate_those_that_wait();
  inspector.run("ROLLBACK");
  EXPECT_TRUE(end(std::move(first)));
  EXPECT_TRUE(end(std::move(second)));
  EXPECT_EQ(messages_in(chat), 2);
  expect_whole(chat);
}

TEST_P(WriterTest, a_connection_lost_with_the_commit_is_made_good_by_the_key) {
  inspector.run("BEGIN; LOCK TABLE outbox IN SHARE MODE");
  auto without = begin_post(chat);
  auto with = begin_post(chat, "k");
  run_until([this] { return waiting_for_locks() == 1; });
  terminate_those_that_wait();
  inspector.run("ROLLBACK");
  EXPECT_THROW(end(std::move(without)), base::Unavailable) << "nobody knows what became of it";
  const auto posted = end(std::move(with)).value();
  EXPECT_EQ(end(begin_post(chat, "k")), posted) << "as the client's own repetition";
  EXPECT_EQ(messages_in(chat), 1);
  expect_whole(chat);
}

TEST_P(WriterTest, one_key_in_two_processes_is_one_message) {
  auto& second = home().add_process(io);
  std::vector<std::future<Posted>> same;
  std::vector<std::future<Posted>> different;
  for (int i = 0; i < 20; ++i) {
    auto& process = i % 2 ? home().first() : second;
    same.push_back(begin(process.messages().post(message(owner, chat, "m", "k"), soon())));
    different.push_back(
        begin(process.messages().post(message(owner, i % 2 ? chat : other, "m", "once"), soon())));
  }
  const auto first = end(std::move(same.front()));
  for (std::size_t i = 1; i < same.size(); ++i) EXPECT_EQ(end(std::move(same[i])), first);
  int stored = 0;
  for (auto& post : different) {
    const auto posted = end(std::move(post));
    if (posted) {
      ++stored;
    } else {
      EXPECT_THAT(posted, refused(ErrorCode::idempotency_mismatch));
    }
  }
  EXPECT_EQ(stored, 10) << "one of the two chats had the key first";
  EXPECT_EQ(messages_in(chat) + messages_in(other), 2);
}

TEST_P(WriterTest, a_key_is_forgotten_after_seven_days) {
  const auto first = end(begin_post(chat, "k")).value();
  harness->advance(std::chrono::days(6));
  EXPECT_EQ(end(begin_post(chat, "k")), first);
  harness->advance(std::chrono::days(1));
  EXPECT_NE(end(begin_post(chat, "k")).value().id, first.id);
  EXPECT_EQ(messages_in(chat), 2);
}

TEST_P(WriterTest, a_post_that_nobody_waits_for_any_more_is_not_begun) {
  hold(chat);
  auto stuck = begin_post(chat);
  run_until([this] { return waiting_for_locks() == 1; });
  const auto deadline = base::Deadline::after(harness->monotonic(), std::chrono::milliseconds(50));
  auto late = begin(harness->messages().post(message(owner, chat, "late"), deadline));
  EXPECT_THROW(end(std::move(late)), base::DeadlineExceeded);
  end_hold();
  ASSERT_TRUE(end(std::move(stuck)));
  ASSERT_TRUE(end(begin_post(chat)));
  EXPECT_EQ(messages_in(chat), 2);
}

TEST_P(WriterTest, what_was_accepted_is_stored_before_the_end) {
  std::vector<std::future<Posted>> posts;
  for (int i = 0; i < 300; ++i) posts.push_back(begin_post(chat));
  run_until([this] { return statistics().post_queue == 300; });
  run(home().first().stop());
  for (auto& post : posts) EXPECT_TRUE(end(std::move(post)));
  EXPECT_THROW(end(begin_post(chat)), base::Unavailable);
}

INSTANTIATE_TEST_SUITE_P(Postgres, WriterTest, testing::Values(make_harness));

}  // namespace
}  // namespace rubricon::postgres
