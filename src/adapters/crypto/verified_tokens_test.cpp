#include <rubricon/crypto/verified_tokens.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rubricon::crypto {
namespace {

domain::Identity identity(std::int64_t n) {
  return {.expires_at = base::time_from_unix_ms(n)};
}

TEST(VerifiedTokens, FindsWhatItWasToldAndNothingElse) {
  VerifiedTokens tokens(10);
  tokens.remember(VerifiedTokens::digest("a"), identity(1));
  EXPECT_EQ(tokens.find(VerifiedTokens::digest("a")), identity(1));
  EXPECT_EQ(tokens.find(VerifiedTokens::digest("b")), std::nullopt);
  tokens.clear();
  EXPECT_EQ(tokens.find(VerifiedTokens::digest("a")), std::nullopt);
}

// A flood of one-time tokens may push others out, but neither grows the memory nor pushes out what
// is in use all the time.
TEST(VerifiedTokens, StaysBoundedAndKeepsWhatIsUsed) {
  VerifiedTokens tokens(100);
  const auto favourite = VerifiedTokens::digest("favourite");
  tokens.remember(favourite, identity(1));
  for (int i = 0; i < 10'000; ++i) {
    tokens.remember(VerifiedTokens::digest(std::to_string(i)), identity(i));
    ASSERT_LE(tokens.size(), 103u);
    ASSERT_TRUE(tokens.find(favourite)) << i;
  }
  EXPECT_FALSE(tokens.find(VerifiedTokens::digest("5")));
}

}  // namespace
}  // namespace rubricon::crypto
