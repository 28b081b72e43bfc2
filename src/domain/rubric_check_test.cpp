#include <rubricon/domain/rubric_check.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace rubricon::domain {
namespace {

Rubric sound() {
  Rubric rubric;
  rubric.total = Amount::whole(100);
  rubric.language = RubricLanguage::bilingual;
  rubric.levels = {{"l1", {"Yes", "是"}}, {"l2", {"No", "否"}}};
  for (const auto* id : {"a", "b", "c"}) {
    Criterion row{.id = id, .name = {std::string("Row ") + id, std::string("項目") + id}};
    row.weight = Amount::whole(id[0] == 'a' ? 34 : 33);
    row.cells = {{"l1", {}, {"States every reason.", "寫出每個理由。"}, CellOrigin::library},
                 {"l2", {}, {"States one reason.", "寫出一個理由。"}, CellOrigin::library}};
    rubric.criteria.push_back(row);
  }
  return recompute_points(rubric);
}

RubricCheckRules rules() {
  return {.vague_en = {"good", "effective"},
          .vague_zh = {"很好", "有效"},
          .exact_terms = {"有效數字"},
          .words_en_max = 8,
          .characters_zh_max = 10};
}

std::vector<std::string> codes(const Rubric& rubric) {
  std::vector<std::string> out;
  for (const auto& finding : validate(rubric, rules())) {
    out.push_back(finding.code);
    EXPECT_FALSE(finding.message.en.empty()) << finding.code;
    EXPECT_FALSE(finding.message.zh_tw.empty()) << finding.code;
    EXPECT_EQ(finding.fix_label.empty(), finding.fix_command.empty()) << finding.code;
  }
  return out;
}

using Codes = std::vector<std::string>;

TEST(Validate, finds_nothing_in_a_sound_table) {
  EXPECT_EQ(codes(sound()), Codes{});
}

TEST(Validate, checks_weights_and_points) {
  auto rubric = sound();
  rubric.criteria[0].weight = Amount::whole(60);
  EXPECT_EQ(codes(recompute_points(rubric)), (Codes{"weights_not_100", "weight_over_50"}));
  rubric.criteria[0].weight = Amount();
  EXPECT_EQ(codes(recompute_points(rubric)), (Codes{"weights_not_100", "weight_zero"}));
  rubric = sound();
  rubric.criteria[1].points = Amount::whole(1);
  rubric.criteria[1].cells[1].points = Amount::whole(50);
  EXPECT_EQ(codes(rubric), (Codes{"points_not_total", "points_not_falling"}));
}

TEST(Validate, checks_rows_and_names) {
  auto rubric = sound();
  rubric.criteria[2].name.en = "ROW A";
  EXPECT_EQ(codes(rubric), Codes{"duplicate_name"});
  rubric = sound();
  rubric.criteria.resize(1);
  rubric.criteria[0].weight = Amount::whole(100);
  EXPECT_EQ(codes(recompute_points(rubric)), Codes{"few_criteria"});
}

TEST(Validate, checks_the_words_of_each_cell) {
  auto rubric = sound();
  auto& cell = rubric.criteria[0].cells[1];
  cell.descriptor = {"Gives a good reason.", "寫出一個理由。"};
  EXPECT_EQ(codes(rubric), Codes{"vague_word"});
  cell.descriptor = {"Sells goods.", "有效數字正確。"};
  EXPECT_EQ(codes(rubric), Codes{});
  cell.descriptor = {"Sells goods.", "有效數字有效。"};
  EXPECT_EQ(codes(rubric), Codes{"vague_word"});
  cell.descriptor = {"One two three four five six seven eight nine.", "一"};
  EXPECT_EQ(codes(rubric), Codes{"too_long_for_grade"});
  cell.descriptor = {"", "一"};
  EXPECT_EQ(codes(rubric), Codes{"missing_language"});
  cell.descriptor = {};
  EXPECT_EQ(codes(rubric), Codes{"empty_descriptor"});
  cell.descriptor = rubric.criteria[0].cells[0].descriptor;
  EXPECT_EQ(codes(rubric), Codes{"duplicate_descriptor"});
  cell = {"l2", {}, {"x", "x"}, CellOrigin::between};
  EXPECT_EQ(codes(rubric), Codes{"between_wording"});
}

TEST(Validate, looks_only_at_languages_that_are_shown) {
  auto rubric = sound();
  rubric.criteria[0].cells[0].descriptor.en = "";
  rubric.language = RubricLanguage::zh_tw;
  EXPECT_EQ(codes(rubric), Codes{});
}

TEST(Validate, is_bounded) {
  auto rubric = sound();
  auto& rows = rubric.criteria;
  while (rows.size() < 50) {
    rows.push_back(rows[0]);
    rows.back().id += std::to_string(rows.size());
    for (auto& cell : rows.back().cells) cell.descriptor = {};
  }
  EXPECT_EQ(validate(rubric, rules()).size(), rubric_findings_max);
}

}  // namespace
}  // namespace rubricon::domain
