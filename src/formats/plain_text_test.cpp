#include <rubricon/formats/plain_text.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(PlainText, code_points_come_apart_and_together) {
  std::string out;
  for (std::string_view text = "aé論😀"; !text.empty();)
    append_code_point(out, next_code_point(text));
  EXPECT_EQ(out, "aé論😀");
}

TEST(PlainText, chinese_is_ideographs_not_its_punctuation) {
  EXPECT_TRUE(has_chinese("a論"));
  EXPECT_TRUE(has_chinese("ㄅ"));
  EXPECT_FALSE(has_chinese("（：。）abc é"));
}

TEST(PlainText, what_nobody_sees_is_left_out) {
  const auto evil = visible("a\u202eb\u200bc\r\nd\x01\u00a0");
  EXPECT_EQ(evil.text, "abc\nd");
  EXPECT_TRUE(evil.changed);
  EXPECT_FALSE(visible("  論點 \r\n").changed);
  EXPECT_EQ(visible("👩‍🏫").text, "👩‍🏫");
  EXPECT_EQ(visible("\U000E0041x").text, "x");
}

TEST(PlainText, is_folded_and_put_on_one_line) {
  EXPECT_EQ(folded("ＡＢ（１０％）Z　"), "ab(10%)z ");
  EXPECT_EQ(one_line(" a \n\t b "), "a b");
  EXPECT_EQ(trimmed("\u3000\u00a0 a\u3000"), "a");
}

}  // namespace
}  // namespace rubricon::formats
