#include <rubricon/socketio/base64.hpp>

#include <gtest/gtest.h>

#include <array>

namespace rubricon::socketio {
namespace {

std::string encoded(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

// Goal: the vectors of RFC 4648 §10.
TEST(Base64, has_the_vectors_of_the_rfc) {
  const std::array<std::pair<std::string_view, std::string_view>, 7> vectors = {
      {{"", ""},
       {"f", "Zg=="},
       {"fo", "Zm8="},
       {"foo", "Zm9v"},
       {"foob", "Zm9vYg=="},
       {"fooba", "Zm9vYmE="},
       {"foobar", "Zm9vYmFy"}}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(encoded(bytes), text);
    EXPECT_EQ(decode_base64(text), bytes);
  }
}

TEST(Base64, reads_every_byte_back) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(decode_base64(encoded(all)), all);
}

TEST(Base64, does_without_padding) {
  EXPECT_EQ(decode_base64("Zm8"), "fo");
}

TEST(Base64, refuses_what_is_none) {
  for (const char* text : {"A", "Zm9vY", "Zm9-", "Zm 9v", "Zg=", "=", "====", "Z===", "Zm9v\n"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

// Goal: ids may stand in a URL.
TEST(Base64, has_a_url_alphabet) {
  const std::array<std::uint8_t, 3> bytes = {0xFB, 0xFF, 0xBF};
  EXPECT_EQ(encode_base64url(bytes), "-_-_");
}

}  // namespace
}  // namespace rubricon::socketio
