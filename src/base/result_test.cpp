#include <rubricon/base/result.hpp>

#include <gtest/gtest.h>

namespace rubricon::base {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0)
    return fail(ErrorCode::invalid, "odd", "odd_number", {{"n", "odd", "must be even"}});
  return n / 2;
}

TEST(Result, carries_a_value_or_an_error_with_its_fields) {
  EXPECT_EQ(half(4), 2);
  const auto odd = half(3);
  ASSERT_FALSE(odd.has_value());
  EXPECT_EQ(odd.error().code, ErrorCode::invalid);
  EXPECT_EQ(odd.error().reason, "odd_number");
  EXPECT_EQ(odd.error().fields.at(0), (FieldError{"n", "odd", "must be even"}));
}

TEST(Result, codes_have_stable_spellings) {
  EXPECT_STREQ(to_string(ErrorCode::not_found), "not_found");
  EXPECT_STREQ(to_string(ErrorCode::idempotency_mismatch), "idempotency_mismatch");
}

}  // namespace
}  // namespace rubricon::base
