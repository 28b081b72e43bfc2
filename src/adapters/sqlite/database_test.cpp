#include <rubricon/sqlite/database.hpp>

#include <rubricon/sqlite/connection.hpp>
#include <rubricon/sqlite/harness_test.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <optional>

namespace rubricon::sqlite {
namespace {

using ports::contract::run_task;
using testing::HasSubstr;
using testing::ThrowsMessage;

class DatabaseTest : public testing::Test {
 protected:
  base::Deadline soon() { return base::Deadline::after(clock.monotonic(), std::chrono::hours(1)); }
  void open() { database.emplace(Options{.path = folder.file()}, clock, random); }
  void open_again() {
    database.reset();
    open();
  }
  template <typename T>
  T run(base::Task<T> task) {
    return run_task(io, std::move(task));
  }
  domain::UserId make_user() {
    ports::NewUser user{.email = domain::Email::parse("a@school.tw").value(),
                        .name = domain::DisplayName::parse("王老師").value(),
                        .password_hash = "x"};
    const auto made =
        run(keep_id(&database->users(), std::move(user), ports::Admission::anybody, soon()));
    return made;
  }
  domain::ChatId make_chat(domain::UserId owner) {
    ports::NewChat chat{.owner = owner, .title = {}};
    return run(keep_id(&database->chats(), std::move(chat), soon()));
  }
  domain::Seq post(domain::UserId user, domain::ChatId chat) {
    ports::PostMessage message{.user = user,
                               .chat = chat,
                               .content = domain::MessageText::parse("問").value(),
                               .key = {},
                               .trace = {}};
    return run(keep_seq(&database->messages(), std::move(message), soon()));
  }
  static base::Task<domain::UserId> keep_id(ports::UserStore* users, ports::NewUser user,
                                            ports::Admission admission, base::Deadline deadline) {
    co_return (co_await users->create(std::move(user), admission, deadline)).value().id;
  }
  static base::Task<domain::ChatId> keep_id(ports::ChatStore* chats, ports::NewChat chat,
                                            base::Deadline deadline) {
    co_return (co_await chats->create(std::move(chat), deadline)).value().id;
  }
  static base::Task<domain::Seq> keep_seq(ports::MessageStore* messages, ports::PostMessage message,
                                          base::Deadline deadline) {
    co_return (co_await messages->post(std::move(message), deadline)).value().position.seq;
  }
  static base::Task<std::size_t> list(ports::ChatStore* chats, domain::UserId user,
                                      ports::ChatQuery query, base::Deadline deadline) {
    co_return (co_await chats->list(user, std::move(query), deadline)).value().chats.size();
  }

  TestFolder folder;
  TestClock clock;
  SeededRandom random;
  boost::asio::io_context io;
  std::optional<Database> database;
};

TEST_F(DatabaseTest, a_second_opener_is_told_who_has_the_file) {
  open();
  EXPECT_THAT([this] { Database second({.path = folder.file()}, clock, random); },
              ThrowsMessage<OpenError>(HasSubstr("held by process")));
  open_again();
}

TEST_F(DatabaseTest, a_file_from_the_future_is_refused_by_name) {
  open();
  database.reset();
  {
    Connection db(folder.file(), base::Milliseconds(100));
    db.run("INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'x', 0)");
  }
  EXPECT_THAT([this] { open(); }, ThrowsMessage<OpenError>(HasSubstr("rubricon.db")));
}

TEST_F(DatabaseTest, a_folder_that_is_not_there_is_an_open_error) {
  EXPECT_THROW(Database({.path = "/no/such/folder/x.db"}, clock, random), OpenError);
}

TEST_F(DatabaseTest, everything_is_there_after_opening_again) {
  open();
  const auto user = make_user();
  const auto chat = make_chat(user);
  EXPECT_EQ(post(user, chat).value(), 2);
  open_again();
  EXPECT_EQ(post(user, chat).value(), 3);
  const auto rows = run(database->outbox().claim(100, std::chrono::seconds(30), soon()));
  EXPECT_EQ(rows.size(), 4u) << "nobody has published anything yet, claims died with the process";
}

TEST_F(DatabaseTest, an_outbox_row_without_its_event_is_named_and_holds_back_no_other) {
  open();
  const auto user = make_user();
  const auto chat = make_chat(user);
  const auto broken = post(user, chat);
  post(user, chat);
  database.reset();
  {
    Connection db(folder.file(), base::Milliseconds(100));
    db.run("DELETE FROM events WHERE stream = ? AND seq = ?", chat, broken);
  }
  open();
  const auto rows = run(database->outbox().claim(100, std::chrono::seconds(30), soon()));
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(std::ranges::count_if(rows, [](const auto& row) { return row.defect.empty(); }), 3);
  EXPECT_FALSE(rows[2].defect.empty());
  EXPECT_EQ(rows[3].event.seq, broken.next());
}

TEST_F(DatabaseTest, a_job_that_died_with_the_process_can_be_claimed_at_once) {
  open();
  const auto user = make_user();
  const auto chat = make_chat(user);
  post(user, chat);
  const auto rows = run(database->outbox().claim(100, std::chrono::seconds(30), soon()));
  const auto job = rows.back().job.value();
  const auto lease = std::chrono::seconds(30);
  ASSERT_TRUE(run(database->jobs().claim(job, lease, soon())).has_value());
  open_again();
  const auto again = run(database->jobs().claim(job, lease, soon()));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->job.attempt, 2);
}

TEST_F(DatabaseTest, a_list_takes_the_same_few_statements_whatever_its_size) {
  open();
  const auto user = make_user();
  for (int i = 0; i < 60; ++i) post(user, make_chat(user));
  for (const std::size_t limit : {1u, 10u, 50u}) {
    for (const auto* words : {"", "問"}) {
      const auto before = database->statistics().read_statements;
      EXPECT_EQ(run(list(&database->chats(), user, {.limit = limit, .cursor = {}, .search = words},
                         soon())),
                limit);
      EXPECT_LE(database->statistics().read_statements - before, 2u) << limit << words;
    }
  }
}

TEST_F(DatabaseTest, a_call_that_breaks_a_rule_of_the_schema_fails_alone) {
  open();
  const auto user = make_user();
  const auto chat = make_chat(user);
  // A session of nobody violates a foreign key.
  auto broken = boost::asio::co_spawn(
      io, database->sessions().open(domain::UserId(), {}, clock.now(), soon()),
      boost::asio::use_future);
  EXPECT_EQ(post(user, chat).value(), 2);
  EXPECT_THROW(broken.get(), Defect);
}

TEST_F(DatabaseTest, statistics_count) {
  open();
  make_chat(make_user());
  const auto statistics = database->statistics();
  EXPECT_EQ(statistics.writes, 2u);
  EXPECT_EQ(statistics.batches, 2u);
  EXPECT_EQ(statistics.write_queue, 0u);
}

}  // namespace
}  // namespace rubricon::sqlite
