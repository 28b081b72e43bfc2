// tests: transaction.cpp
#include <rubricon/postgres/outbox.hpp>

#include <rubricon/postgres/store_test.hpp>

#include <set>

namespace rubricon::postgres {
namespace {

using ports::OutboxRow;
using Rows = std::vector<OutboxRow>;

class OutboxTest : public StoreTest {
 protected:
  static constexpr base::Milliseconds lease = std::chrono::seconds(30);

  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner);
    erase(home().first(), claim(home().first()));
  }

  Rows claim(Database& relay, std::size_t limit = 100) {
    return run(relay.outbox().claim(limit, lease, soon()));
  }
  void erase(Database& relay, const Rows& rows) {
    std::vector<ports::OutboxId> ids;
    for (const auto& row : rows) ids.push_back(row.id);
    run(relay.outbox().erase(std::move(ids), soon()));
  }

  domain::User owner;
  domain::Chat chat;
};

TEST_P(OutboxTest, two_relays_at_once_never_share_a_row_and_leave_none) {
  auto& second = home().add_process(io);
  for (int i = 0; i < 100; ++i) post(owner, chat, "m");
  std::vector<base::Task<Rows>> calls;
  for (int i = 0; i < 30; ++i) {
    auto& relay = i % 2 ? home().first() : second;
    calls.push_back(relay.outbox().claim(7, lease, soon()));
  }
  std::set<ports::OutboxId> seen;
  std::size_t count = 0;
  for (const auto& rows : run_all(std::move(calls))) {
    for (const auto& row : rows) seen.insert(row.id);
    count += rows.size();
  }
  count += claim(second).size();  // those that were passed over because somebody was at them
  EXPECT_EQ(count, 100u);
  EXPECT_LE(seen.size(), 100u);
}

TEST_P(OutboxTest, the_rows_of_a_relay_that_died_are_taken_over_when_its_claim_ends) {
  auto& second = home().add_process(io);
  post(owner, chat, "m");
  ASSERT_THAT(claim(home().first()), testing::SizeIs(1));
  EXPECT_THAT(claim(second), testing::IsEmpty());
  harness->advance(lease);
  EXPECT_THAT(claim(second), testing::SizeIs(1));
}

TEST_P(OutboxTest, a_row_that_is_committed_late_is_not_lost) {
  // Somebody draws an id and lingers before the commit; later ids are published and erased
  // meanwhile.
  inspector.run("BEGIN");
  inspector.run(fmt::format(
      "INSERT INTO outbox (stream, kind, seq, at, created_at) SELECT stream, 0, seq, created_at, "
      "created_at FROM events WHERE stream = '{}'",
      chat.id.to_string()));
  post(owner, chat, "m");
  const auto early = claim(home().first());
  ASSERT_THAT(early, testing::SizeIs(1));
  erase(home().first(), early);
  inspector.run("COMMIT");
  const auto late = claim(home().first());
  ASSERT_THAT(late, testing::SizeIs(1));
  EXPECT_LT(late[0].id, early[0].id);
  EXPECT_EQ(late[0].event.seq.value(), 1);
}

TEST_P(OutboxTest, a_broken_row_says_so_and_stops_nobody) {
  inspector.run(
      "INSERT INTO outbox (stream, kind, seq, at, created_at) "
      "VALUES (gen_random_uuid(), 0, 1, '2026-11-20', '2026-11-20')");
  post(owner, chat, "m");
  const auto rows = claim(home().first());
  ASSERT_THAT(rows, testing::SizeIs(2));
  EXPECT_NE(rows[0].defect, "");
  EXPECT_EQ(rows[1].defect, "");
}

TEST_P(OutboxTest, a_claim_of_a_clock_that_was_ahead_holds_nobody) {
  post(owner, chat, "m");
  harness->advance(std::chrono::hours(5));
  ASSERT_THAT(claim(home().first()), testing::SizeIs(1));
  harness->set_wall_clock_back(std::chrono::hours(5));
  EXPECT_THAT(claim(home().first()), testing::SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Postgres, OutboxTest, testing::Values(make_harness));

/// Not posts: writes that are transactions of their own.
class TransactorTest : public OutboxTest {
 protected:
  base::Task<base::Result<ports::ChatSummary>> rename(const domain::Chat& which,
                                                      std::string_view title) {
    return harness->chats().update(owner.id, which.id,
                                   {.title = domain::ChatTitle::parse(title).value()}, soon());
  }
};

TEST_P(TransactorTest, a_connection_lost_before_the_commit_makes_the_write_run_again) {
  inspector.run("BEGIN; LOCK TABLE chat_titles IN ACCESS EXCLUSIVE MODE");
  auto renamed = begin(rename(chat, "a"));
  run_until([this] { return waiting_for_locks() == 1; });
  terminate_those_that_wait();
  inspector.run("ROLLBACK");
  EXPECT_EQ(end(std::move(renamed)).value().chat.title, "a");
  expect_whole(chat);
}

TEST_P(TransactorTest, a_deadlock_is_run_again) {
  const auto id = chat.id.to_string();
  inspector.run("BEGIN");
  inspector.run("SELECT 1 FROM chat_titles FOR UPDATE");
  auto renamed = begin(rename(chat, "a"));  // holds the chat, waits for the title
  run_until([this] { return waiting_for_locks() == 1; });
  inspector.run("SET deadlock_timeout = '60s'");  // not the one who looks
  auto locked = std::async(std::launch::async, [this, &id] {
    inspector.run(fmt::format("SELECT 1 FROM chats WHERE id = '{}' FOR UPDATE", id));
    inspector.run("ROLLBACK");
  });
  EXPECT_EQ(end(std::move(renamed)).value().chat.title, "a");
  locked.get();
  expect_whole(chat);
}

TEST_P(TransactorTest, a_lock_that_does_not_come_is_unavailable_and_changes_nothing) {
  inspector.run("BEGIN");
  inspector.run("SELECT 1 FROM chats FOR UPDATE");
  EXPECT_THROW(end(begin(rename(chat, "a"))), base::Unavailable);
  inspector.run("ROLLBACK");
  EXPECT_THAT(claim(home().first()), testing::IsEmpty());
}

TEST_P(TransactorTest, two_users_that_are_the_first_at_once_make_one_administrator) {
  inspector.run(
      "DELETE FROM chat_titles; DELETE FROM chat_members; DELETE FROM chats; "
      "DELETE FROM users");
  auto& second = home().add_process(io);
  std::vector<base::Task<base::Result<domain::User>>> calls;
  for (int i = 0; i < 8; ++i) {
    auto& process = i % 2 ? home().first() : second;
    calls.push_back(process.users().create(
        {.email = domain::Email::parse(fmt::format("u{}@school.tw", i / 2)).value(),
         .name = domain::DisplayName::parse("u").value(),
         .password_hash = "x"},
        ports::Admission::anybody, soon()));
  }
  int admins = 0;
  int made = 0;
  for (const auto& user : run_all(std::move(calls))) {
    if (!user) continue;
    ++made;
    if (user->role == domain::UserRole::admin) ++admins;
  }
  EXPECT_EQ(admins, 1);
  EXPECT_EQ(made, 4) << "and each address once";
}

INSTANTIATE_TEST_SUITE_P(Postgres, TransactorTest, testing::Values(make_harness));

}  // namespace
}  // namespace rubricon::postgres
