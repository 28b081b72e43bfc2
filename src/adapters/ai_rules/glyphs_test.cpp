#include <rubricon/ai_rules/glyphs.hpp>
#include <rubricon/ai_rules/normalise.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

std::string of(std::string_view text) {
  return fold(text, {.characters = {{U'这', U'這'}, {U'项', U'項'}}, .phrases = {}});
}

TEST(Numbers, turns_chinese_numbers_that_count_into_digits) {
  EXPECT_EQ(of("五個等級"), "5個等級");
  EXPECT_EQ(of("三級"), "3級");
  EXPECT_EQ(of("兩個等級"), "2個等級");
  EXPECT_EQ(of("百分之三十"), "30%");
  EXPECT_EQ(of("百分之 25"), "25%");
  EXPECT_EQ(of("總分一百"), "總分100");
  EXPECT_EQ(of("五十分"), "50分");
  EXPECT_EQ(of("一百二十五"), "125");
  EXPECT_EQ(of("第二項"), "第2項");
  EXPECT_EQ(of("第一個"), "第1個");
  EXPECT_EQ(of("八年級"), "8年級");
  EXPECT_EQ(of("一年級"), "1年級");
  EXPECT_EQ(of("國二和高三"), "國2和高3");
  EXPECT_EQ(of("佔三成"), "佔30%");
  EXPECT_EQ(of("三成五"), "35%");
  EXPECT_EQ(of("總分改成十分"), "總分改成10分");
  EXPECT_EQ(of("改成五"), "改成5");
}

TEST(Numbers, leaves_numerals_that_are_part_of_words) {
  for (const auto* text : {"這一項", "一下", "一點", "大一點", "高一級", "統一", "十分清楚",
                           "三分之一", "一致", "千萬", "一個創意", "三三兩兩"}) {
    EXPECT_EQ(of(text), text);
  }
  EXPECT_EQ(of("这一项"), "這一項");
}

TEST(Numbers, turns_english_numbers_that_count_into_digits) {
  EXPECT_EQ(of("make it three levels"), "make it 3 levels");
  EXPECT_EQ(of("Thirty percent"), "30 percent");
  EXPECT_EQ(of("twenty-five points"), "25 points");
  EXPECT_EQ(of("one hundred points"), "100 points");
  EXPECT_EQ(of("one hundred and twenty-five points"), "125 points");
  EXPECT_EQ(of("out of fifty"), "out of 50");
  EXPECT_EQ(of("grade eight"), "grade 8");
  EXPECT_EQ(of("an eighth-grade essay"), "an 8th-grade essay");
  EXPECT_EQ(of("the second criterion"), "the 2nd criterion");
  for (const auto* text : {"go back one", "this one", "ten reasons", "first of all", "someone"}) {
    EXPECT_EQ(of(text), text);
  }
}

}  // namespace
}  // namespace rubricon::ai_rules
