// tests: chat_queries.cpp
// tests: message_queries.cpp
#include <rubricon/postgres/chat_queries.hpp>
#include <rubricon/postgres/event_log.hpp>
#include <rubricon/postgres/message_queries.hpp>
#include <rubricon/postgres/store_test.hpp>

#include <utility>

namespace rubricon::postgres {
namespace {

/// Three quarters of messages, and many users: what the server does to find a few of them.
class PlansTest : public StoreTest {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner);
    inspector.run(
        fmt::format("INSERT INTO users (id, email, name, role, locale, password_hash, created_at) "
                    "SELECT gen_random_uuid(), 'u' || i, 'u', 'teacher', 'en', 'x', '2026-11-01' "
                    "FROM generate_series(1, 100) i; "
                    "INSERT INTO chats (id, user_id, title, context, created_at, updated_at) "
                    "SELECT gen_random_uuid(), CASE WHEN i % 10 = 0 THEN '{0}'::uuid ELSE u.id "
                    "END, 't', '{{}}', "
                    "'2026-11-01', '2026-11-01'::timestamptz + i * interval '1 s' "
                    "FROM (SELECT id, row_number() OVER () AS n FROM users) u "
                    "JOIN generate_series(1, 50000) i ON i % 100 = u.n; "
                    "INSERT INTO chat_members (chat_id, user_id, shared, role) "
                    "SELECT id, user_id, false, 'owner' FROM chats ON CONFLICT DO NOTHING; "
                    "INSERT INTO messages (chat_id, seq, id, role, content, created_at) "
                    "SELECT c.id, i, gen_random_uuid(), 'USER', 'x', "
                    "'2026-07-02'::timestamptz + i * interval '1 d' "
                    "FROM (SELECT id FROM chats LIMIT 100) c, generate_series(1, 140) i",
                    owner.id.to_string()));
    busy = domain::ChatId::parse(
               inspector.run("SELECT min(chat_id::text) FROM messages").substr(0, 36))
               .value();
    inspector.run("ANALYZE");
  }

  /// The plan of a statement that has run.
  std::string plan(Query of, std::string_view options = "ANALYZE, COSTS OFF, TIMING OFF") {
    const std::string sql = fmt::format("EXPLAIN ({}) {}", options, of.sql);
    Query explain{.sql = sql.c_str(), .arguments = std::move(of.arguments)};
    const auto deadline = base::Deadline::after(harness->monotonic(), std::chrono::seconds(30));
    const auto connection = run(Connection::open(
        {.url = home().home.url(), .preparing = Preparing::unnamed}, &home().clock, deadline));
    const auto answers = run(connection->run(together(std::move(explain)), deadline));
    std::string text;
    for (const auto row : answers.front()) text += row.text(0) + "\n";
    return text;
  }

  domain::User owner;
  domain::Chat chat;
  domain::ChatId busy;
};

TEST_P(PlansTest, the_last_20_messages_come_from_the_newest_partition_by_its_index) {
  const auto text = plan(messages_query(busy, {.before = {}, .after = {}, .limit = 20}));
  EXPECT_THAT(text, testing::ContainsRegex(
                        "messages_2026q4_chat_id_created_at_seq_idx[^\n]*actual rows=20"))
      << text;
  EXPECT_THAT(text, testing::ContainsRegex(
                        "messages_2026q3_chat_id_created_at_seq_idx[^\n]*never executed"))
      << text;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("Seq Scan"))) << text;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("Sort"))) << text;
}

// A statement that was prepared is planned without its arguments sooner or later.
TEST_P(PlansTest, the_last_20_messages_touch_the_newest_partition_alone_whatever_the_plan_knows) {
  const auto statement = messages_query(busy, {.before = {}, .after = {}, .limit = 20});
  inspector.run("SET plan_cache_mode = force_generic_plan");
  inspector.run(fmt::format("PREPARE newest (uuid, bigint) AS {}", statement.sql));
  const auto text = inspector.run(fmt::format(
      "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE newest ('{}', 20)", busy.to_string()));
  EXPECT_THAT(text, testing::HasSubstr("chat_id = $1")) << "not the generic plan\n" << text;
  EXPECT_THAT(text, testing::ContainsRegex(
                        "messages_2026q4_chat_id_created_at_seq_idx[^\n]*actual rows=20"))
      << text;
  EXPECT_THAT(text, testing::ContainsRegex(
                        "messages_2026q3_chat_id_created_at_seq_idx[^\n]*never executed"))
      << text;
}

TEST_P(PlansTest, a_list_of_chats_follows_the_index_by_user_and_change) {
  const auto text = plan(list_query(owner.id, domain::ListCursor::start(), 50, ""));
  EXPECT_THAT(text, testing::ContainsRegex("chats_by_user[^\n]*actual rows=5[01] ")) << text;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("Seq Scan on chats"))) << text;
}

TEST_P(PlansTest, a_message_is_found_by_its_id_in_one_partition) {
  const auto posted = post(owner, chat, "m");
  const auto text = plan(message_query(chat.id, posted.id));
  EXPECT_THAT(text, testing::HasSubstr("messages_2026q4")) << text;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("messages_2026q3"))) << text;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("Seq Scan"))) << text;
}

TEST_P(PlansTest, a_stream_is_read_from_a_position_by_its_key) {
  for (int i = 0; i < 20; ++i) post(owner, chat, "m");
  inspector.run(
      "INSERT INTO events (stream, seq, epoch, type, created_at, data) SELECT gen_random_uuid(), "
      "1, 1, 'x', '2026-11-02', '{}' FROM generate_series(1, 5000)");
  inspector.run("ANALYZE events");
  const auto text = plan(events_query(domain::StreamId(chat.id), domain::Seq(3), 500));
  EXPECT_THAT(text, testing::HasSubstr("events_2026q4_pkey")) << text;
}

INSTANTIATE_TEST_SUITE_P(Postgres, PlansTest, testing::Values(make_harness));

}  // namespace
}  // namespace rubricon::postgres
