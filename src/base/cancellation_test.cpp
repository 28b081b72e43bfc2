#include <rubricon/base/cancellation.hpp>

#include <gtest/gtest.h>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace rubricon::base {
namespace {

TEST(Cancellation, is_told_from_every_other_failure) {
  EXPECT_TRUE(is_cancellation(boost::system::system_error(boost::asio::error::operation_aborted)));
  EXPECT_FALSE(is_cancellation(boost::system::system_error(boost::asio::error::eof)));
  EXPECT_FALSE(is_cancellation(std::runtime_error("operation aborted")));
}

}  // namespace
}  // namespace rubricon::base
