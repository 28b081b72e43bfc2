#include <rubricon/formats/amounts.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

std::string shown(const std::optional<domain::Amount>& amount) {
  return amount ? to_string(*amount) : "none";
}

std::string cell(std::string_view text) {
  const auto split = split_cell(text);
  return shown(split.points) + "|" + split.text;
}

std::string level(std::string_view text) {
  const auto split = split_level(text);
  return shown(split.points) + "|" + split.text;
}

TEST(Amounts, are_read_as_teachers_write_them) {
  EXPECT_EQ(shown(read_amount("10")), "10");
  EXPECT_EQ(shown(read_amount(" 7,5 pts ")), "7.5");
  EXPECT_EQ(shown(read_amount("１０ 分")), "10");
  EXPECT_EQ(shown(read_amount("33.335%")), "33.34");
  EXPECT_EQ(shown(read_amount("9-10")), "10");
  EXPECT_EQ(shown(read_amount("9～10分")), "10");
  for (const char* bad : {"", "ten", "10 apples", "-1", "1.2.3", "99999999"}) {
    EXPECT_EQ(shown(read_amount(bad)), "none") << bad;
  }
  EXPECT_EQ(shown(leading_amount("10 apples")), "10");
  EXPECT_EQ(shown(leading_amount("zero")), "none");
}

TEST(Amounts, of_a_range_are_told_from_a_number) {
  for (const char* range : {"9-10", "8–10 points", "8 至 10 分：清楚"})
    EXPECT_TRUE(is_range(range)) << range;
  for (const char* one : {"10", "10-10", "10 - clear", "", "x"}) EXPECT_FALSE(is_range(one)) << one;
  EXPECT_TRUE(split_cell("8–10 points: clear").range);
  EXPECT_FALSE(split_cell("10 points: clear, 8-10 lines").range);
  for (const char* heading : {"優異（8–10 分）", "Excellent (8-10)", "優異 8-10分", "8-10"}) {
    EXPECT_TRUE(split_level(heading).range) << heading;
  }
  EXPECT_FALSE(split_level("優異（10 分）").range);
}

TEST(Amounts, of_cells_need_a_unit_and_a_colon) {
  EXPECT_EQ(cell("10 分：論點清楚"), "10|論點清楚");
  EXPECT_EQ(cell("10 pts: clear\nand long"), "10|clear\nand long");
  EXPECT_EQ(cell("4分\n清楚"), "4|清楚");
  EXPECT_EQ(cell("1 pt"), "1|");
  EXPECT_EQ(cell("4"), "4|");
  EXPECT_EQ(cell("3 points are made"), "none|3 points are made");
  EXPECT_EQ(cell("3 分以上"), "none|3 分以上");
  EXPECT_EQ(cell("3: three"), "none|3: three");
}

TEST(Amounts, of_levels_stand_in_brackets_or_behind) {
  EXPECT_EQ(level("優異（4 分）"), "4|優異");
  EXPECT_EQ(level("Excellent (4)"), "4|Excellent");
  EXPECT_EQ(level("優異 4分"), "4|優異");
  EXPECT_EQ(level("Good 7-8 points"), "8|Good");
  EXPECT_EQ(level("4"), "4|4");
  EXPECT_EQ(level("Level 4"), "none|Level 4");
  EXPECT_EQ(level("優異（超越）"), "none|優異（超越）");
}

}  // namespace
}  // namespace rubricon::formats
