// tests: answer.cpp
// tests: failure.cpp
// tests: query.cpp
#include <rubricon/postgres/connection.hpp>

#include <rubricon/postgres/failure.hpp>
#include <rubricon/postgres/harness_test.hpp>

#include <algorithm>
#include <limits>
#include <string>

namespace rubricon::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

template <typename T>
base::Task<void> keep(base::Task<T> task, std::optional<T>* result) {
  result->emplace(co_await std::move(task));
}

class ConnectionTest : public testing::Test {
 protected:
  base::Deadline in(base::Instant::duration time) {
    return base::Deadline::after(clock.monotonic(), time);
  }
  template <typename T>
  T run(base::Task<T> task) {
    std::optional<T> result;
    ports::contract::run_task(io, keep(std::move(task), &result));
    return std::move(result.value());
  }
  std::unique_ptr<Connection> open(Preparing preparing = Preparing::named) {
    return run(
        Connection::open({.url = home.url(), .preparing = preparing}, &clock, in(seconds(30))));
  }
  std::vector<Answer> ask(std::vector<Query> queries) {
    return run(connection->run(std::move(queries), in(seconds(30))));
  }
  Answer ask(Query one) {
    auto answers = ask(together(std::move(one)));
    return std::move(answers.front());
  }
  Failure::Kind kind_of_failure(Query query) {
    try {
      ask(std::move(query));
    } catch (const Failure& failure) {
      return failure.kind();
    }
    throw std::runtime_error("nothing failed");
  }

  boost::asio::io_context io;
  TestDatabase home;
  TestClock clock;
  std::unique_ptr<Connection> connection = open();
};

TEST_F(ConnectionTest, every_kind_of_argument_comes_back_as_it_went) {
  const auto id = domain::ChatId::parse("019a0b1c-2d3e-7f40-8a51-b2c3d4e5f607").value();
  const std::vector<std::uint8_t> bytes{0, 1, 255};
  const auto answer = ask(query("SELECT $1, $2, $3, $4, $5, $6, $7, $8", std::int64_t{-7}, true,
                                "評分\nx", id, bytes, clock.now(), std::optional<domain::Seq>(),
                                std::vector<domain::ChatId>{id, id}));
  const auto row = answer.front();
  EXPECT_EQ(row.integer(0), -7);
  EXPECT_TRUE(row.boolean(1));
  EXPECT_EQ(row.text(2), "評分\nx");
  EXPECT_EQ(row.id<domain::ChatId>(3), id);
  EXPECT_TRUE(std::ranges::equal(row.bytes(4), bytes));
  EXPECT_EQ(row.time(5), clock.now());
  EXPECT_TRUE(row.null(6));
  EXPECT_THAT(row.uuids(7), testing::ElementsAre(id.uuid(), id.uuid()));
}

TEST_F(ConnectionTest, arrays_have_nulls_and_may_be_empty) {
  const std::vector<std::optional<std::string>> texts{"a", std::nullopt, ""};
  const auto answer = ask(query("SELECT a FROM unnest($1) AS a", texts));
  ASSERT_EQ(answer.size(), 3u);
  EXPECT_EQ(answer[0].text(0), "a");
  EXPECT_TRUE(answer[1].null(0));
  EXPECT_EQ(answer[2].text(0), "");
  EXPECT_TRUE(ask(query("SELECT unnest($1)", std::vector<domain::ChatId>())).empty());
  EXPECT_THAT(ask(query("SELECT $1", std::vector<domain::ChatId>())).front().uuids(0),
              testing::IsEmpty());
}

TEST_F(ConnectionTest, times_that_cannot_be_stored_are_infinite) {
  using base::time_from_unix_ms;
  const auto answer =
      ask(query("SELECT $1 = 'infinity', $2 = '-infinity', $3 < $1",
                time_from_unix_ms(std::numeric_limits<std::int64_t>::max()),
                time_from_unix_ms(std::numeric_limits<std::int64_t>::min()), clock.now()));
  for (const int column : {0, 1, 2}) EXPECT_TRUE(answer.front().boolean(column)) << column;
}

TEST_F(ConnectionTest, after_a_failure_the_rest_is_not_run_and_the_connection_goes_on) {
  const auto three = [&] {
    ask(together(query("CREATE TABLE a (x integer)"), query("SELECT 1 / $1", 0),
                 query("CREATE TABLE b (x integer)")));
  };
  EXPECT_THROW(three(), Defect);
  EXPECT_TRUE(connection->reusable());
  EXPECT_EQ(
      ask(query("SELECT count(*) FROM pg_class WHERE relname IN ('a', 'b')")).front().integer(0), 0)
      << "what goes together without BEGIN is one transaction";
  EXPECT_THROW(three(), Defect) << "what was prepared, and what was not, is known";
}

TEST_F(ConnectionTest, an_open_transaction_is_nothing_for_another_caller) {
  ask(query("BEGIN"));
  EXPECT_FALSE(connection->reusable());
  EXPECT_THROW(ask(query("SELECT nonsense")), Defect);
  ask(query("ROLLBACK"));
  EXPECT_TRUE(connection->ready());
}

TEST_F(ConnectionTest, failures_say_what_they_mean) {
  const auto raise = [](std::string_view state) { return query("SELECT raise($1)", state); };
  Inspector(home.url())
      .run(
          "CREATE FUNCTION raise(state text) RETURNS void LANGUAGE plpgsql AS "
          "$$ BEGIN RAISE EXCEPTION USING ERRCODE = state, MESSAGE = 'on purpose'; END $$");
  using Kind = Failure::Kind;
  EXPECT_EQ(kind_of_failure(raise("40P01")), Kind::conflict);
  EXPECT_EQ(kind_of_failure(raise("40001")), Kind::conflict);
  EXPECT_EQ(kind_of_failure(raise("23505")), Kind::conflict);
  EXPECT_EQ(kind_of_failure(raise("55P03")), Kind::busy);
  EXPECT_EQ(kind_of_failure(raise("53100")), Kind::refused);
  EXPECT_EQ(kind_of_failure(raise("57P03")), Kind::lost);
  EXPECT_EQ(kind_of_failure(raise("25006")), Kind::lost);
  EXPECT_THROW(ask(raise("57014")), base::DeadlineExceeded);
  EXPECT_THROW(ask(raise("23503")), Defect);
}

TEST_F(ConnectionTest, a_row_without_a_partition_is_a_failure_that_passes) {
  EXPECT_EQ(kind_of_failure(query("INSERT INTO events (stream, seq, epoch, type, created_at, data) "
                                  "VALUES ($1, 1, 1, 'x', $2, '{}')",
                                  domain::ChatId(), base::time_from_unix_ms(0))),
            Failure::Kind::refused);
}

TEST_F(ConnectionTest, megabytes_go_both_ways_at_once) {
  // More than any socket holds, so that both sides must read while they write.
  const std::string large(8 * 1024 * 1024, 'x');
  const auto answers =
      ask(together(query("SELECT $1", large), query("SELECT $1", large), query("SELECT 1")));
  EXPECT_EQ(answers[0].front().view(0), large);
  EXPECT_EQ(answers[1].front().view(0), large);
  EXPECT_EQ(answers[2].front().integer(0), 1);
}

TEST_F(ConnectionTest, a_call_past_its_deadline_throws_and_costs_the_connection) {
  EXPECT_THROW(run(connection->run(together(query("SELECT 1")), in(seconds(0)))),
               base::DeadlineExceeded);
  EXPECT_TRUE(connection->ready()) << "nothing was asked";
  EXPECT_THROW(run(connection->run(together(query("SELECT pg_sleep(20)")), in(milliseconds(20)))),
               base::DeadlineExceeded);
  EXPECT_FALSE(connection->ready());
  EXPECT_EQ(kind_of_failure(query("SELECT 1")), Failure::Kind::lost);
}

TEST_F(ConnectionTest, a_server_that_goes_away_is_noticed_in_a_call_and_between_two) {
  Inspector inspector(home.url());
  const std::string everybody =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid()";
  EXPECT_EQ(kind_of_failure(query("SELECT pg_terminate_backend(pg_backend_pid())")),
            Failure::Kind::lost);
  connection = open();
  EXPECT_TRUE(connection->ready());
  inspector.run(everybody);
  while (connection->ready()) {
  }
  EXPECT_EQ(kind_of_failure(query("SELECT 1")), Failure::Kind::lost);
}

TEST_F(ConnectionTest, the_end_of_a_dead_connection_does_not_touch_a_new_one) {
  // libpq has closed the dead one's socket, and the system gives its number to the new one.
  Inspector(home.url())
      .run(
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
          "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  while (connection->ready()) {
  }
  auto next = open();
  connection = std::move(next);
  EXPECT_EQ(ask(query("SELECT 1")).front().integer(0), 1);
}

TEST_F(ConnectionTest, statements_are_prepared_once_or_never) {
  const auto prepared = [&] {
    const auto seven = query("SELECT $1 + 7", 1);
    ask(together(seven, seven));
    ask(seven);
    return ask(query("SELECT count(*) FROM pg_prepared_statements "
                     "WHERE statement = 'SELECT $1 + 7'"))
        .front()
        .integer(0);
  };
  EXPECT_EQ(prepared(), 1);
  connection = open(Preparing::unnamed);
  EXPECT_EQ(prepared(), 0);
  EXPECT_EQ(ask(query("SHOW statement_timeout")).front().text(0), "0")
      << "a pooler's session is somebody else's too";
}

TEST_F(ConnectionTest, the_session_has_limits) {
  EXPECT_EQ(ask(query("SHOW statement_timeout")).front().text(0), "15s");
  EXPECT_EQ(ask(query("SHOW lock_timeout")).front().text(0), "2s");
  EXPECT_EQ(ask(query("SHOW idle_in_transaction_session_timeout")).front().text(0), "10s");
}

TEST_F(ConnectionTest, where_nobody_listens_the_connection_is_lost) {
  const auto open_nowhere = [&] {
    run(Connection::open({.url = "postgresql://127.0.0.1:1/none"}, &clock, in(seconds(5))));
  };
  EXPECT_THROW(open_nowhere(), Failure);
}

TEST_F(ConnectionTest, a_script_is_several_statements_and_one_transaction) {
  const auto script = [&](std::string sql) {
    ports::contract::run_task(io, connection->run_script(std::move(sql), in(seconds(30))));
  };
  script("CREATE TABLE a (x integer); INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)");
  EXPECT_EQ(ask(query("SELECT count(*) FROM a")).front().integer(0), 2);
  EXPECT_THROW(script("INSERT INTO a VALUES (3); SELECT nonsense"), Defect);
  EXPECT_EQ(ask(query("SELECT count(*) FROM a")).front().integer(0), 2);
}

}  // namespace
}  // namespace rubricon::postgres
