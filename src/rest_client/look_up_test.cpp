#include <rubricon/rest_client/look_up.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/error.hpp>

#include <chrono>
#include <utility>

namespace rubricon::rest_client {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Done = std::function<void(boost::system::error_code, Places)>;

class LookUpTest : public ::testing::Test {
 protected:
  /// Empty where places were found.
  boost::system::error_code outcome(base::Task<Places> task) {
    auto found = asio::co_spawn(io, std::move(task), asio::use_future);
    io.restart();
    io.run();
    try {
      found.get();
      return {};
    } catch (const boost::system::system_error& error) {
      return error.code();
    }
  }

  asio::io_context io;
};

TEST_F(LookUpTest, finds_numbers_and_names) {
  EXPECT_EQ(outcome(look_up({"127.0.0.1", "80", ""}, 10s)), boost::system::error_code());
  EXPECT_EQ(outcome(look_up({"localhost", "80", ""}, 10s)), boost::system::error_code());
}

TEST_F(LookUpTest, says_that_there_is_no_such_host) {
  const auto none = [](const Done& done) { done(asio::error::host_not_found, {}); };
  EXPECT_EQ(outcome(look_up_by(none, 10s)), asio::error::host_not_found);
}

TEST_F(LookUpTest, ends_in_time_when_there_is_no_answer_and_drops_a_late_one) {
  Done late;
  const auto slow = [&late](const Done& done) { late = done; };
  EXPECT_EQ(outcome(look_up_by(slow, 1ms)), boost::beast::error::timeout);
  late({}, {});
}

}  // namespace
}  // namespace rubricon::rest_client
