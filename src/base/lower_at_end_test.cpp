#include <rubricon/base/lower_at_end.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace rubricon::base {
namespace {

TEST(LowerAtEnd, lowers_the_flag_however_the_scope_is_left) {
  bool flag = true;
  {
    const LowerAtEnd guard(flag);
  }
  EXPECT_FALSE(flag);
  flag = true;
  try {
    const LowerAtEnd guard(flag);
    throw std::runtime_error("left");
  } catch (const std::runtime_error&) {
    EXPECT_FALSE(flag);
  }
}

}  // namespace
}  // namespace rubricon::base
