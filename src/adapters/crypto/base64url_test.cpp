#include <rubricon/crypto/base64url.hpp>

#include <gtest/gtest.h>

namespace rubricon::crypto {
namespace {

// The vectors of RFC 4648 §10, without their padding, and one that needs the URL alphabet.
TEST(Base64Url, EncodesAndDecodesTheKnownVectors) {
  const std::pair<std::string, std::string> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64url_encode(bytes), text);
    EXPECT_EQ(base64url_decode(text), bytes);
  }
}

// A token must have one spelling, or a cache of refused ones could be walked around.
TEST(Base64Url, RefusesEverySpellingButTheCanonicalOne) {
  for (const char* text : {"Zg==", "Zg=", "Z", "Zh", "Zm9", "Zm 9v", "Zm9v\n", "+//+", "Zm9*"}) {
    EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rubricon::crypto
