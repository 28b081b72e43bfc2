#include <rubricon/base/work_pool.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <stdexcept>
#include <thread>

namespace rubricon::base {
namespace {

namespace asio = boost::asio;

/// A piece of work that ends when the test says so.
class Gate {
 public:
  auto work() {
    return [opened = opened_.get_future().share()] {
      opened.wait();
      return std::this_thread::get_id();
    };
  }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> opened_;
};

TEST(WorkPool, works_elsewhere_while_the_callers_loop_goes_on) {
  asio::io_context io;
  WorkPool pool(1, 4);
  Gate gate;
  auto done = asio::co_spawn(io, pool.run(gate.work()), asio::use_future);
  int steps = 0;
  for (; steps < 1'000; ++steps) asio::post(io, [] {});
  while (steps > 0) steps -= static_cast<int>(io.poll_one());
  EXPECT_NE(done.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  gate.open();
  io.run();
  EXPECT_NE(done.get(), std::this_thread::get_id());
}

TEST(WorkPool, refuses_more_than_its_queue_holds_and_has_room_again) {
  asio::io_context io;
  WorkPool pool(1, 2);
  Gate gate;
  auto first = asio::co_spawn(io, pool.run(gate.work()), asio::use_future);
  auto second = asio::co_spawn(io, pool.run([] { return 2; }), asio::use_future);
  auto third = asio::co_spawn(io, pool.run([] { return 3; }), asio::use_future);
  while (third.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
  EXPECT_EQ(third.get(), std::nullopt);
  gate.open();
  io.run();
  EXPECT_EQ(second.get(), 2);
  io.restart();
  auto fourth = asio::co_spawn(io, pool.run([] { return 4; }), asio::use_future);
  io.run();
  EXPECT_EQ(fourth.get(), 4);
}

TEST(WorkPool, hands_the_callers_what_the_work_throws) {
  asio::io_context io;
  WorkPool pool(1, 1);
  auto broken = asio::co_spawn(io, pool.run([]() -> int { throw std::runtime_error("a bug"); }),
                               asio::use_future);
  io.run();
  EXPECT_THROW(broken.get(), std::runtime_error);
}

}  // namespace
}  // namespace rubricon::base
