#include <rubricon/ai_http/token_estimate.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

TEST(TokenEstimateTest, every_script_is_guessed_from_above) {
  EXPECT_EQ(estimated_tokens(""), 0u);
  EXPECT_EQ(estimated_tokens("a"), 1u);
  EXPECT_EQ(estimated_tokens("abcd"), 2u);
  EXPECT_EQ(estimated_tokens("é"), 1u);
  EXPECT_EQ(estimated_tokens("評分規"), 5u);
  EXPECT_EQ(estimated_tokens("🙂"), 3u);
}

}  // namespace
}  // namespace rubricon::ai_http
