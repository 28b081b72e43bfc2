// tests: virtual_time.cpp
#include <rubricon/base/timer.hpp>

#include <rubricon/base/task_group.hpp>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::base {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr Instant start{1'000s};

/// What the waits of one test came to.
class VirtualTimerTest : public testing::Test {
 protected:
  auto note(std::string name) {
    return [this, name = std::move(name)](error_code error) {
      events.push_back(name + (error ? " cancelled" : ""));
    };
  }
  void move_to(Instant instant) {
    time.advance_to(instant);
    io.poll();
    io.restart();
  }

  VirtualTime time{start};
  asio::io_context io;
  std::vector<std::string> events;
};

using Events = std::vector<std::string>;

TEST_F(VirtualTimerTest, rings_when_time_is_moved_and_not_before) {
  Timer timer(io.get_executor(), 10s);
  timer.async_wait(note("rang"));
  EXPECT_EQ(timer.expiry(), start + 10s);
  EXPECT_EQ(time.next(), start + 10s);
  move_to(start + 10s - 1ns);
  EXPECT_EQ(events, Events{});
  move_to(start + 10s);
  EXPECT_EQ(events, Events{"rang"});
  EXPECT_EQ(time.next(), std::nullopt);
}

TEST_F(VirtualTimerTest, rings_in_the_order_of_due_times_then_of_waiting) {
  Timer late(io.get_executor(), 3s), first(io.get_executor(), 2s), second(io.get_executor(), 2s);
  late.async_wait(note("late"));
  first.async_wait(note("first"));
  second.async_wait(note("second"));
  move_to(start + 5s);
  EXPECT_EQ(events, (Events{"first", "second", "late"}));
  EXPECT_EQ(time.now(), start + 5s);
}

TEST_F(VirtualTimerTest, a_cancelled_wait_and_a_new_expiry_say_so) {
  Timer timer(io.get_executor(), 10s);
  timer.async_wait(note("a"));
  timer.cancel();
  timer.async_wait(note("b"));
  timer.expires_after(1s);
  timer.async_wait(note("c"));
  move_to(start + 20s);
  EXPECT_EQ(events, (Events{"a cancelled", "b cancelled", "c"}));
}

TEST_F(VirtualTimerTest, several_may_wait_for_one_and_each_hears) {
  Timer timer(io.get_executor(), 1s);
  timer.async_wait(note("a"));
  timer.async_wait(note("b"));
  move_to(start + 1s);
  EXPECT_EQ(events, (Events{"a", "b"}));
  timer.async_wait(note("past"));
  move_to(time.now());
  EXPECT_EQ(events.back(), "past") << "an expiry in the past has been reached";
}

TEST_F(VirtualTimerTest, never_means_never_and_a_destroyed_timer_cancels) {
  {
    Timer timer(io.get_executor());
    timer.expires_at(Instant::max());
    timer.async_wait(note("a"));
    EXPECT_EQ(time.next(), std::nullopt);
    timer.expires_after(1s);
    timer.async_wait(note("b"));
  }
  EXPECT_EQ(time.next(), std::nullopt);
  move_to(start + 1h);
  EXPECT_EQ(events, (Events{"a cancelled", "b cancelled"}));
}

Task<void> wait_in_coroutine(asio::io_context* io, std::optional<error_code>* result) {
  Timer timer(io->get_executor(), 10s);
  error_code error;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  *result = error;
}

TEST_F(VirtualTimerTest, coroutines_wait_and_are_cancelled_as_with_a_real_timer) {
  TaskGroup group(io.get_executor(), [](const std::exception_ptr&) { FAIL(); });
  std::optional<error_code> patient, cancelled;
  group.spawn(wait_in_coroutine(&io, &patient));
  io.poll();
  move_to(start + 10s);
  EXPECT_EQ(patient, error_code());

  group.spawn(wait_in_coroutine(&io, &cancelled));
  io.poll();
  TaskGroup stopper(io.get_executor(), [](const std::exception_ptr&) { FAIL(); });
  stopper.spawn(group.stop());
  io.restart();
  io.poll();
  EXPECT_EQ(cancelled, error_code(asio::error::operation_aborted));
  EXPECT_EQ(group.size(), 0u);
}

TEST(Timer, waits_in_real_time_where_no_virtual_time_is_installed) {
  asio::io_context io;
  Timer timer(io.get_executor(), 1ms), never(io.get_executor());
  never.expires_at(Instant::max());
  Events events;
  never.async_wait([&](error_code error) { events.push_back(error ? "cancelled" : "?"); });
  timer.async_wait([&](error_code error) {
    events.push_back(error ? "?" : "rang");
    never.cancel();
  });
  io.run();
  EXPECT_EQ(events, (Events{"rang", "cancelled"}));
}

}  // namespace
}  // namespace rubricon::base
