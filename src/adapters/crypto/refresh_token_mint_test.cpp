#include <rubricon/crypto/refresh_token_mint.hpp>

#include <gtest/gtest.h>

namespace rubricon::crypto {
namespace {

TEST(RefreshTokenMint, GivesEachTokenOneSuccessorThatNeedsTheSecret) {
  const RefreshTokenMint ours(RefreshSecret{1, 2, 3});
  const RefreshTokenMint theirs(RefreshSecret{1, 2, 4});
  const auto token = ours.fresh();
  EXPECT_EQ(token.text.size(), 43u);
  EXPECT_EQ(ours.successor(token.text).text, ours.successor(token.text).text);
  EXPECT_NE(ours.successor(token.text).text, token.text);
  EXPECT_NE(ours.successor(token.text).text, theirs.successor(token.text).text);
}

TEST(RefreshTokenMint, HashesTheTextThatTheCookieCarries) {
  const RefreshTokenMint mint(RefreshSecret{});
  const auto token = mint.fresh();
  EXPECT_EQ(mint.hash(token.text), token.hash);
  EXPECT_EQ(mint.successor("abc").hash, mint.hash(mint.successor("abc").text));
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(mint.hash("abc")[0], 0xba);
  EXPECT_EQ(mint.hash("abc")[31], 0xad);
  EXPECT_NE(mint.fresh().text, token.text);
}

}  // namespace
}  // namespace rubricon::crypto
