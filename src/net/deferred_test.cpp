#include <rubricon/net/deferred.hpp>

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <string>

namespace rubricon::net {
namespace {

namespace asio = boost::asio;

class DeferredTest : public ::testing::Test {
 protected:
  void wait(Deferred<std::unique_ptr<int>> deferred) {
    asio::co_spawn(io, deferred.get(),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [this](std::exception_ptr fault, std::unique_ptr<int> value) {
                         story += fault ? "fault" : std::to_string(*value);
                       }));
  }

  asio::io_context io;
  asio::cancellation_signal cancel;
  std::string story;
};

TEST_F(DeferredTest, takes_a_value_that_was_there_before) {
  Deferred<std::unique_ptr<int>> deferred;
  deferred.set(std::make_unique<int>(1));
  deferred.set(std::make_unique<int>(2));
  EXPECT_TRUE(deferred.is_set());
  wait(deferred);
  io.run();
  EXPECT_EQ(story, "1");
  EXPECT_TRUE(deferred.is_set());
}

TEST_F(DeferredTest, wakes_the_waiter_in_a_later_step) {
  Deferred<std::unique_ptr<int>> deferred;
  wait(deferred);
  io.poll();
  EXPECT_FALSE(deferred.is_set());
  deferred.set(std::make_unique<int>(3));
  EXPECT_EQ(story, "");
  io.restart();
  io.run();
  EXPECT_EQ(story, "3");
}

TEST_F(DeferredTest, cancelling_ends_the_wait_with_a_fault) {
  Deferred<std::unique_ptr<int>> deferred;
  wait(deferred);
  io.poll();
  cancel.emit(asio::cancellation_type::terminal);
  io.restart();
  io.run();
  EXPECT_EQ(story, "fault");
  deferred.set(std::make_unique<int>(4));
}

}  // namespace
}  // namespace rubricon::net
