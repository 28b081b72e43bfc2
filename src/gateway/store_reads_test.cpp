#include <rubricon/gateway/store_reads.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <vector>

namespace rubricon::gateway {
namespace {

namespace asio = boost::asio;

class StoreReadsTest : public ::testing::Test {
 protected:
  base::Task<void> read(int number) {
    begun.push_back(number);
    most_running = std::max(most_running, ++running);
    asio::steady_timer timer(io, std::chrono::milliseconds(1));
    co_await timer.async_wait(asio::use_awaitable);
    --running;
  }
  base::Task<void> broken_read() {
    co_await read(0);
    throw std::logic_error("the test broke the read");
  }
  void finish() {
    io.restart();
    io.run();
    auto stopped = asio::co_spawn(io, tasks.stop(), asio::use_future);
    io.restart();
    io.run();
    stopped.get();
  }

  asio::io_context io;
  base::TaskGroup tasks{io.get_executor(), [this](std::exception_ptr) { ++thrown; }};
  StoreReads reads{tasks, 2, 5};
  std::vector<int> begun;
  int running = 0;
  int thrown = 0;
  int most_running = 0;
};

TEST_F(StoreReadsTest, runs_so_many_at_a_time_and_all_in_order) {
  for (int n = 1; n <= 7; ++n) reads.start(read(n));
  EXPECT_EQ(reads.waiting(), 5u);
  finish();
  EXPECT_EQ(begun, (std::vector{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(most_running, 2);
  EXPECT_EQ(reads.waiting(), 0u);
  EXPECT_EQ(thrown, 0);
}

TEST_F(StoreReadsTest, lets_so_many_wait_and_refuses_the_next) {
  for (int n = 1; n <= 7; ++n) EXPECT_TRUE(reads.start(read(n)));
  EXPECT_FALSE(reads.start(read(8)));
  EXPECT_EQ(reads.waiting(), 5u);
  finish();
  EXPECT_EQ(begun, (std::vector{1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(StoreReadsTest, never_begins_what_was_dropped_while_it_waited) {
  const auto first = reads.start(read(1));
  reads.start(read(2));
  const auto third = reads.start(read(3));
  reads.start(read(4));
  ASSERT_TRUE(first && third);
  reads.drop(*first);
  reads.drop(*third);
  EXPECT_EQ(reads.waiting(), 1u);
  finish();
  EXPECT_EQ(begun, (std::vector{1, 2, 4})) << "the first had its turn already";
}

TEST_F(StoreReadsTest, a_read_that_throws_gives_its_place_to_the_next) {
  for (int n = 0; n < 4; ++n) reads.start(broken_read());
  reads.start(read(5));
  finish();
  EXPECT_EQ(thrown, 4);
  EXPECT_EQ(begun.back(), 5);
  EXPECT_EQ(most_running, 2);
}

TEST_F(StoreReadsTest, starts_again_after_it_was_idle) {
  reads.start(read(1));
  io.run();
  reads.start(read(2));
  reads.start(read(3));
  EXPECT_EQ(reads.waiting(), 0u) << "both places were free again";
  finish();
  EXPECT_EQ(begun.size(), 3u);
}

TEST_F(StoreReadsTest, drops_what_waits_when_the_group_stops) {
  for (int n = 1; n <= 3; ++n) reads.start(read(n));
  auto stopped = asio::co_spawn(io, tasks.stop(), asio::use_future);
  io.run();
  stopped.get();
  EXPECT_LE(begun.size(), 2u);
  EXPECT_FALSE(reads.start(read(4)));
}

}  // namespace
}  // namespace rubricon::gateway
