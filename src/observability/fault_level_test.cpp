#include <rubricon/observability/fault_level.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace rubricon::observability {
namespace {

TEST(FaultLevel, what_passes_is_a_warning_and_what_somebody_must_mend_an_error) {
  EXPECT_EQ(fault_level(base::Unavailable("away")), Level::warning);
  EXPECT_EQ(fault_level(base::DeadlineExceeded("late")), Level::warning);
  const boost::system::system_error stopped(boost::asio::error::operation_aborted);
  EXPECT_EQ(fault_level(stopped), Level::debug);
  EXPECT_EQ(fault_level(std::runtime_error("mistake")), Level::error);
}

}  // namespace
}  // namespace rubricon::observability
