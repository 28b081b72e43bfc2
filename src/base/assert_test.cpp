#include <rubricon/base/assert.hpp>

#include <gtest/gtest.h>

namespace {

TEST(Assert, a_true_condition_passes) {
  RUBRICON_ASSERT(1 + 1 == 2);
}

TEST(AssertDeathTest, a_false_condition_names_itself_and_aborts) {
  EXPECT_DEATH(RUBRICON_ASSERT(1 + 1 == 3), "assertion failed: 1 \\+ 1 == 3");
}

}  // namespace
