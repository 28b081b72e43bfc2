#include <rubricon/base/single_flight.hpp>

#include <rubricon/base/task_group.hpp>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <string>

namespace rubricon::base {
namespace {

/// Callers of one key, whose work waits until it is let go.
class SingleFlightTest : public ::testing::Test {
 protected:
  SingleFlightTest() { gate_.expires_at(Instant::max()); }
  ~SingleFlightTest() override {
    tasks_.spawn(tasks_.stop());
    run();
  }

  Task<Result<std::string>> work(std::string name, Result<std::string> result) {
    begun += name;
    boost::system::error_code ignored;
    co_await gate_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    co_return result;
  }
  Task<void> caller(int key, std::string name, Result<std::string> result, Deadline deadline) {
    try {
      const auto got =
          co_await flights_.run(key, [this, name, result] { return work(name, result); }, deadline);
      heard += name + "=" + (got ? *got : "error") + " ";
    } catch (const DeadlineExceeded&) {
      heard += name + "=late ";
    }
  }
  void call(int key, const std::string& name, Result<std::string> result,
            Deadline deadline = Deadline::at(Instant::max())) {
    tasks_.spawn(caller(key, name, std::move(result), deadline));
    run();
  }
  void let_go() {
    gate_.cancel();
    run();
  }
  void run() {
    io_.restart();
    io_.poll();
  }

  std::string begun;
  std::string heard;
  boost::asio::io_context io_;
  Timer gate_{io_.get_executor()};
  SingleFlight<int, std::string> flights_;
  TaskGroup tasks_{io_.get_executor(), [](std::exception_ptr) { FAIL(); }};
};

TEST_F(SingleFlightTest, those_who_come_meanwhile_share_the_value) {
  call(1, "a", "A");
  call(1, "b", "B");
  call(2, "c", "C");
  EXPECT_EQ(begun, "ac");
  let_go();
  EXPECT_EQ(heard, "a=A c=C b=A ");
  EXPECT_EQ(flights_.size(), 0u);
  call(1, "d", "D");
  let_go();
  EXPECT_EQ(begun, "acd") << "nothing is remembered";
}

TEST_F(SingleFlightTest, an_error_is_nobody_elses) {
  call(1, "a", fail(ErrorCode::not_found));
  call(1, "b", "B");
  call(1, "c", "C");
  let_go();
  EXPECT_EQ(begun, "ab") << "one of those who waited tries its own";
  let_go();
  EXPECT_EQ(heard, "a=error b=B c=B ");
}

TEST_F(SingleFlightTest, waiting_ends_with_the_callers_own_deadline) {
  call(1, "a", "A");
  call(1, "b", "B", Deadline::at(Instant()));
  io_.restart();
  io_.run_for(Milliseconds(1));
  EXPECT_EQ(heard, "b=late ");
  let_go();
  EXPECT_EQ(heard, "b=late a=A ");
}

}  // namespace
}  // namespace rubricon::base
