#include <rubricon/base/task_group.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>

namespace rubricon::base {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

Task<void> wait_for_ever(int* cancelled) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 24h);
  try {
    co_await timer.async_wait(asio::use_awaitable);
  } catch (...) {
    ++*cancelled;
    throw;
  }
}

Task<void> count(int* counter) {
  ++*counter;
  co_return;
}

Task<void> break_down() {
  throw std::runtime_error("broken");
  co_return;
}

class TaskGroupTest : public ::testing::Test {
 protected:
  void stop(TaskGroup& group) {
    auto done = asio::co_spawn(io, group.stop(), asio::use_future);
    io.restart();
    io.run();
    done.get();
  }

  asio::io_context io;
  std::vector<std::string> errors;
  TaskGroup::ErrorHandler record = [this](std::exception_ptr e) {
    try {
      std::rethrow_exception(e);
    } catch (const std::exception& x) {
      errors.emplace_back(x.what());
    }
  };
};

TEST_F(TaskGroupTest, runs_what_it_is_given_but_not_before_spawn_returns) {
  TaskGroup group(io.get_executor(), record);
  int counter = 0;
  EXPECT_TRUE(group.spawn(count(&counter)));
  EXPECT_EQ(counter, 0);
  io.run();
  EXPECT_EQ(counter, 1);
  EXPECT_EQ(group.size(), 0u);
}

TEST_F(TaskGroupTest, stop_cancels_the_running_waits_for_them_and_refuses_newcomers) {
  TaskGroup group(io.get_executor(), record);
  int cancelled = 0;
  group.spawn(wait_for_ever(&cancelled));
  group.spawn(wait_for_ever(&cancelled));
  io.poll();
  stop(group);
  EXPECT_EQ(cancelled, 2);
  EXPECT_EQ(group.size(), 0u);
  EXPECT_TRUE(errors.empty());
  int counter = 0;
  EXPECT_FALSE(group.spawn(count(&counter)));
}

TEST_F(TaskGroupTest, stop_before_the_first_step_ends_the_tasks_too) {
  TaskGroup group(io.get_executor(), record);
  int cancelled = 0;
  group.spawn(wait_for_ever(&cancelled));
  stop(group);
  EXPECT_EQ(group.size(), 0u);
}

TEST_F(TaskGroupTest, an_exception_reaches_the_handler_and_leaves_the_others_alone) {
  TaskGroup group(io.get_executor(), record);
  int counter = 0;
  group.spawn(break_down());
  group.spawn(count(&counter));
  io.run();
  EXPECT_EQ(errors, std::vector<std::string>{"broken"});
  EXPECT_EQ(counter, 1);
}

}  // namespace
}  // namespace rubricon::base
