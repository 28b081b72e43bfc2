// tests: transaction.cpp
// tests: completion.cpp
#include <rubricon/sqlite/writer.hpp>

#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/sqlite/harness_test.hpp>

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <future>
#include <optional>
#include <semaphore>
#include <stdexcept>

namespace rubricon::sqlite {
namespace {

namespace asio = boost::asio;
using ports::contract::run_task;

std::unique_ptr<Connection> open_table(const std::filesystem::path& file) {
  auto db = std::make_unique<Connection>(file, base::Milliseconds(100));
  db->execute("PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT");
  return db;
}

class WriterTest : public testing::Test {
 protected:
  base::Deadline soon() { return base::Deadline::after(clock.monotonic(), std::chrono::hours(1)); }

  void start(Writer::Options options = {}) {
    writer.emplace(open_table(folder.file()), clock, random, 0, std::move(options));
  }

  std::future<std::int64_t> begin(base::Task<std::int64_t> task) {
    return asio::co_spawn(io, std::move(task), asio::use_future);
  }
  base::Task<std::int64_t> write(std::move_only_function<std::int64_t(Transaction&)> body,
                                 Durability durability = Durability::full) {
    return perform<std::int64_t, Transaction>(&*writer, soon(), std::move(body), durability);
  }
  base::Task<std::int64_t> insert(std::int64_t value) {
    return write([value](Transaction& t) { return t.db.run("INSERT INTO t VALUES (?)", value); });
  }
  /// Keeps the writer busy until `release_writer`, so that calls pile up behind it.
  std::future<std::int64_t> hold_writer() {
    auto held = begin(write([this](Transaction&) {
      holding.release();
      resume.acquire();
      return std::int64_t{0};
    }));
    poll();
    holding.acquire();
    return held;
  }
  void release_writer() { resume.release(); }
  /// Runs what can run on the shard now.
  void poll() {
    io.restart();
    io.poll();
  }
  /// Runs the shard until all that was begun is done.
  void settle() {
    io.restart();
    io.run();
  }
  std::int64_t rows() {
    Connection db(folder.file(), base::Milliseconds(100));
    auto row = db.query("SELECT count(*) FROM t");
    row.step();
    return row.integer(0);
  }

  TestFolder folder;
  TestClock clock;
  SeededRandom random;
  asio::io_context io;
  std::binary_semaphore holding{0};
  std::binary_semaphore resume{0};
  std::optional<Writer> writer;
};

TEST_F(WriterTest, what_waits_is_committed_together) {
  start();
  auto held = hold_writer();
  std::vector<std::future<std::int64_t>> inserts;
  for (int i = 0; i < 300; ++i) inserts.push_back(begin(insert(i)));
  poll();
  EXPECT_EQ(writer->queue_depth(), 300u);
  release_writer();
  settle();
  for (auto& one : inserts) EXPECT_EQ(one.get(), 1);
  EXPECT_EQ(rows(), 300);
  EXPECT_EQ(writer->counters().writes, 301u);
  EXPECT_EQ(writer->counters().batches, 3u) << "the holder alone, then 256 and 44";
}

TEST_F(WriterTest, a_failing_call_fails_alone) {
  start();
  auto held = hold_writer();
  std::vector<std::future<std::int64_t>> inserts;
  for (int i = 0; i < 20; ++i)
    inserts.push_back(begin(insert(i / 2)));  // every second one collides
  poll();
  release_writer();
  settle();
  for (std::size_t i = 0; i < inserts.size(); ++i) {
    if (i % 2 == 0) {
      EXPECT_EQ(inserts[i].get(), 1);
    } else {
      EXPECT_THROW(inserts[i].get(), Defect);
    }
  }
  EXPECT_EQ(rows(), 10);
  EXPECT_EQ(writer->counters().batches_retried, 1u);
}

TEST_F(WriterTest, a_call_that_throws_leaves_nothing_of_itself) {
  start();
  auto failing = begin(write([](Transaction& t) -> std::int64_t {
    t.db.run("INSERT INTO t VALUES (1)");
    throw std::runtime_error("after a change");
  }));
  auto good = begin(insert(2));
  settle();
  EXPECT_THROW(failing.get(), std::runtime_error);
  EXPECT_EQ(good.get(), 1);
  EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, nothing_is_acknowledged_before_it_is_committed) {
  start();
  for (int i = 0; i < 50; ++i) {
    run_task(io, insert(i));
    ASSERT_EQ(rows(), i + 1);
  }
}

TEST_F(WriterTest, a_full_queue_is_unavailable) {
  start({.queue_max = 2});
  auto held = hold_writer();
  auto one = begin(insert(1));
  auto two = begin(insert(2));
  auto three = begin(insert(3));
  poll();
  release_writer();
  settle();
  EXPECT_EQ(one.get(), 1);
  EXPECT_EQ(two.get(), 1);
  EXPECT_THROW(three.get(), base::Unavailable);
}

TEST_F(WriterTest, a_deadline_that_passes_while_waiting_drops_the_call) {
  start();
  auto held = hold_writer();
  auto late = begin(insert(1));
  poll();
  clock.advance(std::chrono::hours(1));
  auto fresh = begin(insert(2));
  poll();
  release_writer();
  settle();
  EXPECT_THROW(late.get(), base::DeadlineExceeded);
  EXPECT_EQ(fresh.get(), 1);
  EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, a_cancelled_call_returns_at_once_and_is_not_begun) {
  start();
  auto held = hold_writer();
  asio::cancellation_signal cancel;
  std::exception_ptr error;
  asio::co_spawn(io, insert(1),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&error](std::exception_ptr e, std::int64_t) { error = e; }));
  poll();
  cancel.emit(asio::cancellation_type::terminal);
  poll();
  EXPECT_THROW(std::rethrow_exception(error), boost::system::system_error) << "while it waits";
  release_writer();
  settle();
  EXPECT_EQ(run_task(io, insert(2)), 1);
  EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, a_call_cancelled_in_mid_write_completes_without_its_caller) {
  start();
  asio::cancellation_signal cancel;
  std::exception_ptr error;
  auto task = write([this](Transaction& t) {
    t.db.run("INSERT INTO t VALUES (1)");
    holding.release();
    resume.acquire();
    return std::int64_t{1};
  });
  asio::co_spawn(io, std::move(task),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&error](std::exception_ptr e, std::int64_t) { error = e; }));
  poll();
  holding.acquire();
  cancel.emit(asio::cancellation_type::terminal);
  poll();
  EXPECT_TRUE(error);
  release_writer();
  settle();  // the context stays at work until the thread has let go of it
  EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, closing_finishes_what_was_accepted) {
  start();
  auto held = hold_writer();
  std::vector<std::future<std::int64_t>> inserts;
  for (int i = 0; i < 10; ++i) inserts.push_back(begin(insert(i)));
  poll();
  release_writer();
  writer.reset();
  settle();
  for (auto& one : inserts) EXPECT_EQ(one.get(), 1);
  EXPECT_EQ(rows(), 10);
}

TEST_F(WriterTest, lazy_calls_among_full_ones_are_as_durable_as_they) {
  start();
  EXPECT_EQ(run_task(io, write([](Transaction& t) { return t.db.run("INSERT INTO t VALUES (1)"); },
                               Durability::lazy)),
            1);
  auto level = [](Transaction& t) {
    auto row = t.db.query("PRAGMA synchronous");
    row.step();
    return row.integer(0);
  };
  EXPECT_EQ(run_task(io, write(level, Durability::lazy)), 1) << "NORMAL";
  EXPECT_EQ(run_task(io, write(level, Durability::full)), 2) << "FULL";
  auto held = hold_writer();
  auto lazy = begin(write(level, Durability::lazy));
  auto full = begin(write(level, Durability::full));
  poll();
  release_writer();
  settle();
  EXPECT_EQ(lazy.get(), 2);
  EXPECT_EQ(full.get(), 2);
}

TEST_F(WriterTest, maintenance_runs_between_batches_and_may_fail) {
  int runs = 0;
  start({.maintain = [&runs](Transaction&) -> bool {
           if (++runs == 2) throw std::runtime_error("disk full");
           return runs == 1;  // there is more to do
         },
         .maintain_every = std::chrono::minutes(1)});
  run_task(io, insert(1));
  clock.advance(std::chrono::minutes(1));
  for (int i = 2; i < 8; ++i) run_task(io, insert(i));
  writer.reset();
  EXPECT_EQ(runs, 2) << "again at once while there is more, then not before the next interval";
  EXPECT_EQ(rows(), 7);
}

TEST_F(WriterTest, a_full_disk_is_unavailable_and_passes) {
  start();
  const auto fill = [](Transaction& t) {
    return t.db.run(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "INSERT INTO t SELECT i FROM n");
  };
  run_task(io, write([](Transaction& t) { return t.db.run("PRAGMA max_page_count = 10"); }));
  EXPECT_THROW(run_task(io, write(fill)), base::Unavailable);
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(run_task(io, insert(1)), 1) << "what fits is still stored";
  run_task(io, write([](Transaction& t) { return t.db.run("PRAGMA max_page_count = 100000"); }));
  EXPECT_EQ(run_task(io, write([](Transaction& t) { return t.db.run("DELETE FROM t"); })), 1);
  EXPECT_EQ(run_task(io, write(fill)), 20'000);
}

TEST_F(WriterTest, ids_carry_their_time_and_differ) {
  start();
  const auto at = base::time_from_unix_ms(1'795'384'115'123);
  const auto same = run_task(io, write([at](Transaction& t) {
                               const auto one = t.make_id<domain::ChatId>(at);
                               const auto two = t.make_id<domain::ChatId>(at);
                               EXPECT_EQ(one.uuid().unix_ms(), base::unix_ms(at));
                               return std::int64_t{one == two};
                             }));
  EXPECT_EQ(same, 0);
}

}  // namespace
}  // namespace rubricon::sqlite
