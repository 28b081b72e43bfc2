#include <rubricon/postgres/migrations.hpp>

#include <rubricon/postgres/failure.hpp>
#include <rubricon/postgres/harness_test.hpp>

#include <array>

namespace rubricon::postgres {
namespace {

/// An empty database.
class MigrationsTest : public testing::Test {
 protected:
  void SetUp() override { inspector.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public"); }

  base::Task<void> migrate_once(std::span<const Migration> known) {
    const auto deadline = base::Deadline::after(clock.monotonic(), std::chrono::seconds(30));
    const auto connection = co_await Connection::open({.url = home.url()}, &clock, deadline);
    co_await migrate(connection.get(), known, clock.now(), deadline);
    co_await ensure_partitions(connection.get(), clock.now(), deadline);
  }
  void run(std::span<const Migration> known = migrations()) {
    ports::contract::run_task(io, migrate_once(known));
  }
  std::int64_t version() { return inspector.number("SELECT max(version) FROM schema_migrations"); }

  boost::asio::io_context io;
  TestDatabase home;
  TestClock clock;
  Inspector inspector{home.url()};
};

TEST_F(MigrationsTest, an_empty_database_gets_everything_and_a_second_time_nothing) {
  run();
  const auto tables = inspector.run("SELECT relname FROM pg_class ORDER BY relname");
  EXPECT_EQ(version(), migrations().back().version);
  run();
  EXPECT_EQ(inspector.run("SELECT relname FROM pg_class ORDER BY relname"), tables);
}

TEST_F(MigrationsTest, processes_that_start_together_migrate_once) {
  std::vector<std::future<void>> all;
  for (int i = 0; i < 6; ++i) {
    all.push_back(boost::asio::co_spawn(io, migrate_once(migrations()), boost::asio::use_future));
  }
  ports::contract::run_task(io, ports::contract::await_all(io.get_executor(), &all));
  EXPECT_EQ(version(), migrations().back().version);
}

TEST_F(MigrationsTest, a_database_of_a_newer_program_is_refused) {
  run();
  inspector.run("INSERT INTO schema_migrations VALUES (99, 'from the future', now())");
  EXPECT_THROW(run(), OpenError);
}

TEST_F(MigrationsTest, an_older_program_goes_on_where_the_newer_one_lets_it) {
  run();
  const auto ours = migrations().back().version;
  std::vector<Migration> newer(migrations().begin(), migrations().end());
  newer.push_back({ours + 1, "more", "CREATE TABLE extra (x integer)", ours});
  run(newer);
  run();
  EXPECT_EQ(version(), ours + 1);
  newer.push_back({ours + 2, "other", "DROP TABLE extra", ours + 2});
  run(newer);
  EXPECT_THROW(run(), OpenError);
}

TEST_F(MigrationsTest, whoever_writes_waits_behind_a_migration_for_no_more_than_two_seconds) {
  run();
  Inspector reader(home.url());
  reader.run("BEGIN");
  reader.run("SELECT count(*) FROM chats");  // for long
  std::vector<Migration> newer(migrations().begin(), migrations().end());
  const auto next = migrations().back().version + 1;
  newer.push_back({next, "locks", "ALTER TABLE chats ADD COLUMN extra integer", next});
  auto migrated = boost::asio::co_spawn(io, migrate_once(newer), boost::asio::use_future);
  const auto poll = [&](auto done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!done() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_for(std::chrono::milliseconds(10));
    }
  };
  Inspector watcher(home.url());
  poll([&] {
    return watcher.number(
               "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
               "AND query LIKE 'ALTER TABLE chats%'") == 1;
  });
  // Behind it, while it waits: with the patience of the server's own writers.
  Inspector writer(home.url());
  writer.run("SET lock_timeout = '10s'");
  auto written = std::async(std::launch::async, [&] { writer.run("UPDATE chats SET title = ''"); });
  poll([&] { return written.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
  EXPECT_NO_THROW(written.get());
  EXPECT_EQ(migrated.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  reader.run("COMMIT");
  poll([&] { return migrated.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
  migrated.get();
  EXPECT_EQ(version(), next);
}

TEST_F(MigrationsTest, a_migration_that_fails_leaves_nothing) {
  run();
  const auto last = version();
  std::vector<Migration> broken(migrations().begin(), migrations().end());
  broken.push_back({static_cast<int>(last) + 1, "good", "CREATE TABLE extra (x integer)", 0});
  broken.push_back({static_cast<int>(last) + 2, "bad", "CREATE TABLE chats (x integer)", 0});
  EXPECT_THROW(run(broken), Defect);
  EXPECT_EQ(version(), last);
  EXPECT_EQ(inspector.run("SELECT to_regclass('extra')"), "\n");
}

TEST_F(MigrationsTest, partitions_are_made_two_quarters_ahead_and_once) {
  run();
  const std::string names =
      "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
      "WHERE i.inhparent = 'messages'::regclass ORDER BY 1";
  EXPECT_EQ(inspector.run(names),
            "messages_2026q3\nmessages_2026q4\nmessages_2027q1\nmessages_2027q2\n");
  clock.advance(std::chrono::days(60));
  run();
  EXPECT_EQ(
      inspector.run(names),
      "messages_2026q3\nmessages_2026q4\nmessages_2027q1\nmessages_2027q2\nmessages_2027q3\n");
  EXPECT_EQ(inspector.run("SELECT pg_get_expr(relpartbound, oid) FROM pg_class "
                          "WHERE relname = 'events_2027q1'"),
            "FOR VALUES FROM ('2027-01-01 00:00:00+00') TO ('2027-04-01 00:00:00+00')\n");
  EXPECT_EQ(inspector.number("SELECT count(*) FROM pg_index WHERE indrelid = "
                             "'messages_2027q3'::regclass"),
            3)
      << "with all indexes of the others";
}

TEST_F(MigrationsTest, partitions_are_made_beside_those_who_read_and_write) {
  run();
  Inspector other(home.url());
  other.run("BEGIN");
  other.run("SELECT * FROM messages");
  other.run(
      "INSERT INTO events (stream, seq, epoch, type, created_at, data) "
      "VALUES (gen_random_uuid(), 1, 1, 'x', '2026-12-01', '{}')");
  clock.advance(std::chrono::days(60));
  run();
  other.run("COMMIT");
}

}  // namespace
}  // namespace rubricon::postgres
