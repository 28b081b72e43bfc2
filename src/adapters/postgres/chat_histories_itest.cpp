#include <rubricon/postgres/chat_histories.hpp>

#include <rubricon/postgres/store_test.hpp>

namespace rubricon::postgres {
namespace {

class ChatHistoriesTest : public StoreTest {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner, "議論文");
  }
  std::unique_ptr<ChatHistories> open() {
    return std::make_unique<ChatHistories>(ConnectOptions{.url = home().home.url()}, home().clock);
  }

  domain::User owner;
  domain::Chat chat;
};

TEST_P(ChatHistoriesTest, a_chat_is_read_with_all_that_is_stored_about_it) {
  claim_outbox();
  const auto posted = post(owner, chat, "問題");
  const auto job = claim_outbox().front().job.value();
  const auto claimed = run(harness->jobs().claim(job, std::chrono::seconds(30), soon())).value();
  ASSERT_TRUE(run(harness->jobs().finish({.job = job,
                                          .fence = claimed.job.fence,
                                          .content = "好的",
                                          .meta = "{}",
                                          .rubric = R"({"total":100})",
                                          .rubric_base = {},
                                          .title = ""},
                                         soon())));
  const auto history = open()->read(chat.id).value();
  EXPECT_EQ(history.chat.title, "議論文");
  EXPECT_EQ(history.chat.owner, owner.id);
  EXPECT_FALSE(history.chat.deleted);
  EXPECT_EQ(history.chat.head.seq.value(), 4);
  EXPECT_EQ(history.chat.members.at(owner.id), domain::MemberRole::owner);
  ASSERT_THAT(history.chat.messages, testing::SizeIs(2));
  EXPECT_EQ(history.chat.messages.at(posted.position.seq).content, "問題");
  EXPECT_EQ(history.chat.rubrics.at(domain::RubricVersion(1)).document, R"({"total":100})");
  EXPECT_EQ(history.events, stream(domain::StreamId(chat.id)));
  ASSERT_THAT(history.jobs, testing::SizeIs(1));
  EXPECT_EQ(history.jobs[0].job.state, domain::JobState::done);
  EXPECT_EQ(history.jobs[0].job.attempt, 1);
}

TEST_P(ChatHistoriesTest, what_the_search_index_has_lost_is_named) {
  const auto posted = post(owner, chat, "問題");
  auto histories = open();
  const auto stored = histories->read(chat.id).value().chat;
  EXPECT_EQ(stored.updated_at, histories->read(chat.id)->events.back().at);
  EXPECT_THAT(histories->unsearchable(stored), testing::IsEmpty());
  inspector.run("UPDATE messages SET terms = 'x'");
  EXPECT_THAT(histories->unsearchable(stored), testing::ElementsAre(posted.position.seq));
  inspector.run("UPDATE messages SET terms = NULL");
  inspector.run("DELETE FROM chat_titles");
  EXPECT_THAT(histories->unsearchable(stored),
              testing::ElementsAre(domain::Seq(0), posted.position.seq));
}

TEST_P(ChatHistoriesTest, the_stream_of_a_user_is_read_whole) {
  const auto guest = make_user("guest");
  add_member(owner, chat, guest, domain::MemberRole::editor);
  auto histories = open();
  EXPECT_THAT(histories->users(std::nullopt, 10), testing::IsSupersetOf({owner.id, guest.id}));
  EXPECT_THAT(histories->users(std::nullopt, 1), testing::SizeIs(1));
  const auto history = histories->read(guest.id).value();
  EXPECT_EQ(history.events, stream(domain::StreamId(guest.id)));
  EXPECT_EQ(history.head.seq, history.events.back().seq);
  EXPECT_EQ(histories->read(chat.id)->chat.guests, std::set{guest.id});
  EXPECT_FALSE(histories->read(domain::UserId()).has_value());
}

TEST_P(ChatHistoriesTest, chats_come_in_order_and_deleted_ones_too) {
  const auto second = make_chat(owner);
  ASSERT_TRUE(run(harness->chats().remove(owner.id, second.id, soon())));
  auto histories = open();
  auto ids = histories->chats(std::nullopt, 10);
  EXPECT_THAT(ids, testing::UnorderedElementsAre(chat.id, second.id));
  EXPECT_LT(ids[0], ids[1]);
  EXPECT_THAT(histories->chats(ids[0], 10), testing::ElementsAre(ids[1]));
  EXPECT_THAT(histories->chats(std::nullopt, 1), testing::ElementsAre(ids[0]));
  EXPECT_TRUE(histories->read(second.id)->chat.deleted);
  EXPECT_FALSE(histories->read(domain::ChatId()).has_value());
}

TEST_P(ChatHistoriesTest, any_stream_is_read_from_a_position) {
  auto histories = open();
  EXPECT_EQ(histories->events(domain::StreamId(owner.id), domain::Seq(0), 10),
            stream(domain::StreamId(owner.id)));
  post(owner, chat, "m");
  EXPECT_THAT(histories->events(domain::StreamId(chat.id), domain::Seq(1), 10), testing::SizeIs(1));
}

TEST_P(ChatHistoriesTest, what_no_relay_has_taken_is_counted) {
  auto histories = open();
  EXPECT_EQ(histories->waiting_since(harness->now()), 0u);
  harness->advance(base::Milliseconds(1));
  EXPECT_EQ(histories->waiting_since(harness->now()), 2u);
}

TEST_P(ChatHistoriesTest, a_server_that_went_away_is_asked_again) {
  auto histories = open();
  histories->chats(std::nullopt, 1);
  watcher.run(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle' "
      "AND query = 'COMMIT'");
  EXPECT_THAT(histories->chats(std::nullopt, 1), testing::SizeIs(1));
}

TEST_P(ChatHistoriesTest, a_database_with_another_schema_is_refused) {
  inspector.run("INSERT INTO schema_migrations VALUES (99, 'from the future', now())");
  EXPECT_THROW(open(), OpenError);
  inspector.run("DROP TABLE schema_migrations");
  EXPECT_THROW(open(), OpenError);
}

INSTANTIATE_TEST_SUITE_P(Postgres, ChatHistoriesTest, testing::Values(make_harness));

}  // namespace
}  // namespace rubricon::postgres
