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
  void finish() {
    io.restart();
    io.run();
    auto stopped = asio::co_spawn(io, tasks.stop(), asio::use_future);
    io.restart();
    io.run();
    stopped.get();
  }

  asio::io_context io;
  base::TaskGroup tasks{io.get_executor(), [](std::exception_ptr) { ADD_FAILURE(); }};
  StoreReads reads{tasks, 2};
  std::vector<int> begun;
  int running = 0;
  int most_running = 0;
};

TEST_F(StoreReadsTest, runs_so_many_at_a_time_and_all_in_order) {
  for (int n = 1; n <= 7; ++n) reads.start(read(n));
  EXPECT_EQ(reads.waiting(), 5u);
  finish();
  EXPECT_EQ(begun, (std::vector{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(most_running, 2);
  EXPECT_EQ(reads.waiting(), 0u);
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
}

}  // namespace
}  // namespace rubricon::gateway
