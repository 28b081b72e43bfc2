#include <rubricon/base/pause.hpp>

#include <rubricon/base/task_group.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

namespace rubricon::base {
namespace {

Task<void> note_after(Instant::duration time, bool* passed) {
  co_await pause(time);
  *passed = true;
}

TEST(Pause, ends_when_its_time_is_over) {
  boost::asio::io_context io;
  bool passed = false;
  auto done = boost::asio::co_spawn(io, note_after(std::chrono::milliseconds(1), &passed),
                                    boost::asio::use_future);
  io.run();
  done.get();
  EXPECT_TRUE(passed);
}

TEST(Pause, is_cancelled_with_its_group) {
  boost::asio::io_context io;
  bool passed = false, failed = false;
  TaskGroup group(io.get_executor(), [&](std::exception_ptr) { failed = true; });
  group.spawn(note_after(std::chrono::hours(1), &passed));
  auto stopped = boost::asio::co_spawn(io, group.stop(), boost::asio::use_future);
  io.run();
  stopped.get();
  EXPECT_FALSE(passed);
  EXPECT_FALSE(failed) << "cancellation is no error";
}

}  // namespace
}  // namespace rubricon::base
