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
  EXPECT_EQ(evil.hidden, "\u202e\u200b\x01");
  EXPECT_EQ(visible("  論點 \r\n").hidden, "");
  EXPECT_EQ(visible("👩‍🏫").text, "👩‍🏫");
  EXPECT_EQ(visible("\U000E0041x").text, "x");
  EXPECT_EQ(visible("a\U000E0100\u3164b").text, "ab") << "selectors and fillers carry text, too";
  EXPECT_EQ(visible("\ufeff評\ufeff").hidden, "") << "marks of byte order are no secret";
}

TEST(PlainText, is_folded_and_put_on_one_line) {
  EXPECT_EQ(folded("ＡＢ（１０％）Z　"), "ab(10%)z ");
  EXPECT_EQ(one_line(" a \n\t b "), "a b");
  EXPECT_EQ(trimmed("\u3000\u00a0 a\u3000"), "a");
}

}  // namespace
}  // namespace rubricon::formats
