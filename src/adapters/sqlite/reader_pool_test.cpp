#include <rubricon/sqlite/reader_pool.hpp>

#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/sqlite/harness_test.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <semaphore>

namespace rubricon::sqlite {
namespace {

using ports::contract::run_task;

class ReaderPoolTest : public testing::Test {
 protected:
  void SetUp() override {
    Connection db(folder.file(), base::Milliseconds(100));
    db.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER) STRICT");
  }
  base::Deadline soon() { return base::Deadline::after(clock.monotonic(), std::chrono::hours(1)); }
  base::Task<std::int64_t> read(ReaderPool& pool,
                                std::move_only_function<std::int64_t(Connection&)> body) {
    return perform<std::int64_t, Connection>(&pool, soon(), std::move(body));
  }
  std::future<std::int64_t> begin(base::Task<std::int64_t> task) {
    return boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
  }
  static std::int64_t one(Connection& db) {
    auto row = db.query("SELECT 1");
    row.step();
    return row.integer(0);
  }

  TestFolder folder;
  TestClock clock;
  boost::asio::io_context io;
};

TEST_F(ReaderPoolTest, readers_work_side_by_side) {
  ReaderPool pool(folder.file(), clock, {.threads = 2, .queue_max = 10});
  std::binary_semaphore met{0};
  // Each waits for the other: with one thread this would never end.
  auto left = begin(read(pool, [&met](Connection& db) {
    met.acquire();
    return one(db);
  }));
  auto right = begin(read(pool, [&met](Connection& db) {
    met.release();
    return one(db);
  }));
  io.run();
  EXPECT_EQ(left.get() + right.get(), 2);
  EXPECT_EQ(pool.reads(), 2u);
  EXPECT_EQ(pool.statements(), 2u);
}

TEST_F(ReaderPoolTest, readers_cannot_write) {
  ReaderPool pool(folder.file(), clock, {.threads = 1, .queue_max = 10});
  EXPECT_ANY_THROW(
      run_task(io, read(pool, [](Connection& db) { return db.run("INSERT INTO t VALUES (1)"); })));
}

TEST_F(ReaderPoolTest, a_read_that_runs_past_its_deadline_is_stopped) {
  ReaderPool pool(folder.file(), clock, {.threads = 1, .queue_max = 10});
  auto endless = begin(read(pool, [this](Connection& db) {
    clock.advance(std::chrono::hours(1));
    db.query(
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
          "SELECT count(*) FROM n")
        .step();
    return std::int64_t{0};
  }));
  io.run();
  EXPECT_THROW(endless.get(), base::DeadlineExceeded);
  EXPECT_EQ(run_task(io, read(pool, one)), 1) << "the thread lives";
}

TEST_F(ReaderPoolTest, a_full_queue_is_unavailable) {
  ReaderPool pool(folder.file(), clock, {.threads = 1, .queue_max = 1});
  std::binary_semaphore started{0};
  std::binary_semaphore resume{0};
  auto busy = begin(read(pool, [&started, &resume](Connection& db) {
    started.release();
    resume.acquire();
    return one(db);
  }));
  io.poll();
  started.acquire();
  auto waiting = begin(read(pool, one));
  auto refused = begin(read(pool, one));
  io.restart();
  io.poll();
  EXPECT_EQ(pool.queue_depth(), 1u);
  resume.release();
  io.restart();
  io.run();
  EXPECT_EQ(waiting.get(), 1);
  EXPECT_THROW(refused.get(), base::Unavailable);
}

TEST_F(ReaderPoolTest, an_exception_reaches_its_caller_only) {
  ReaderPool pool(folder.file(), clock, {.threads = 1, .queue_max = 10});
  EXPECT_THROW(
      run_task(io,
               read(pool, [](Connection&) -> std::int64_t { throw std::out_of_range("a bug"); })),
      std::out_of_range);
  EXPECT_EQ(run_task(io, read(pool, one)), 1);
}

}  // namespace
}  // namespace rubricon::sqlite
