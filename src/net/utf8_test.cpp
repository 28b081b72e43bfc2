#include <rubricon/net/utf8.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rubricon::net {
namespace {

TEST(Utf8Test, accepts_every_scalar_value_and_no_other_code_point) {
  for (std::uint32_t c = 0; c < 0x120000; c += c < 0x1000 || (c > 0xD700 && c < 0xE100) ? 1 : 61) {
    std::string bytes;
    const auto put = [&bytes](std::uint32_t byte) { bytes.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | c >> 6), put(0x80 | (c & 63));
    } else if (c < 0x10000) {
      put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
    } else {
      put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 63)), put(0x80 | (c >> 6 & 63)),
          put(0x80 | (c & 63));
    }
    const bool scalar = c < 0x110000 && (c < 0xD800 || c > 0xDFFF);
    ASSERT_EQ(is_valid_utf8(bytes), scalar) << std::hex << c;
    ASSERT_EQ(is_valid_utf8("some ASCII before " + bytes + " and after it"), scalar);
  }
}

TEST(Utf8Test, refuses_overlong_forms_and_stray_bytes) {
  for (const char* bad :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\x80", "\xBF",
        "\xF5\x80\x80\x80", "\xFE", "\xC3(", "\xE2\x82(", "\xF0\x9F\x98("}) {
    EXPECT_FALSE(is_valid_utf8(bad));
  }
}

TEST(Utf8Test, an_unfinished_character_is_valid_so_far_but_not_complete) {
  Utf8Validator validator;
  EXPECT_TRUE(validator.feed("12345678\xE8\xA9"));
  EXPECT_FALSE(validator.complete());
  EXPECT_TRUE(validator.feed("\x95"));
  EXPECT_TRUE(validator.complete());
  EXPECT_FALSE(validator.feed("12345678 abc\xE8\x28"));
  validator.reset();
  EXPECT_TRUE(validator.feed("ok"));
}

}  // namespace
}  // namespace rubricon::net
