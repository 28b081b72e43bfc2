// tests: assemble.cpp stored.cpp import.cpp
#include <rubricon/formats/table_reader.hpp>

#include <rubricon/formats/assemble.hpp>
#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

Preview read(const std::string& csv) {
  return import_rubric(csv, {.format = FormatId::csv});
}

std::string weights(const domain::Rubric& rubric) {
  std::string out;
  for (const auto& row : rubric.criteria) out += to_string(row.weight) + " ";
  return out + "of " + to_string(rubric.total);
}

TEST(TableReader, weights_come_from_what_the_table_has) {
  EXPECT_EQ(weights(*read("T\nC,Weight,A,B\nx,60,a,b\ny,40,a,b\n").rubric), "60 40 of 100");
  EXPECT_EQ(weights(*read("T\nC,Weight,A,B\nx,0.6,a,b\ny,0.4,a,b\n").rubric), "60 40 of 100");
  EXPECT_EQ(weights(*read("T\nC,Points,A,B\nx,15,a,b\ny,5,a,b\n").rubric), "75 25 of 20");
  EXPECT_EQ(weights(*read("T\nC,A,B\nx,6 pts: a,0 pts: b\ny,2 pts: a,0 pts: b\n").rubric),
            "75 25 of 8");
  EXPECT_EQ(weights(*read("T\nC,A (4),B (0)\nx,a,b\ny,a,b\n").rubric), "50 50 of 8");
  EXPECT_EQ(weights(*read("T\nC,Weight,Points,A,B\nx,60,30,a,b\ny,40,20,a,b\n").rubric),
            "60 40 of 50");
  EXPECT_EQ(
      weights(*read("T\n項目,權重,配分,優,劣\n論,60,,a,b\n組,40,,a,b\n合計,100,80,,\n").rubric),
      "60 40 of 80");
  const auto none = read("T\nC,A,B\nx,a,b\ny,a,b\nz,a,b\n");
  EXPECT_EQ(weights(*none.rubric), "33.34 33.33 33.33 of 100");
  EXPECT_EQ(codes(none), "weights_assumed ");
}

TEST(TableReader, weights_that_do_not_sum_to_100_are_kept_and_said) {
  const auto preview = read("T\nC,Weight,A,B\nx,60,a,b\ny,60,a,b\n");
  EXPECT_EQ(weights(*preview.rubric), "60 60 of 100");
  EXPECT_EQ(codes(preview), "weights_not_100 ");
  EXPECT_EQ(codes(read("T\nC,Weight,A,B\nx,60,a,b\ny,,a,b\n")), "weight_missing@4 ");
  EXPECT_EQ(codes(read("T\nC,Weight,A,B\nx,much,a,b\n")), "not_a_number@3:2 ");
  EXPECT_EQ(codes(read("T\nC,Weight,A,B\nx,160,a,b\n")),
            "weights_not_100 out_of_range@criteria[0].weight ");
}

TEST(TableReader, levels_may_stand_weakest_first) {
  const auto preview = read("T\nC,Low (1),Mid (2),Top (3)\nx,a,b,c\n");
  ASSERT_TRUE(preview.rubric);
  EXPECT_EQ(preview.rubric->levels[0].name.en, "Top");
  EXPECT_EQ(preview.rubric->criteria[0].cells[0].descriptor.en, "c");
  EXPECT_EQ(codes(preview), "levels_reversed points_recomputed@3 ");
}

TEST(TableReader, columns_for_marks_are_left_out_with_a_note) {
  const auto preview = read("T\n項目,優,劣,得分,評語\n論點,清楚,模糊,,\n組織,分明,零散,5,x\n");
  ASSERT_TRUE(preview.rubric);
  EXPECT_EQ(preview.rubric->levels.size(), 2u);
  EXPECT_EQ(codes(preview), "column_ignored@2:4 column_ignored@2:5 weights_assumed ");
}

TEST(TableReader, what_is_missing_is_said_at_its_place) {
  EXPECT_EQ(codes(read("T\n")), "no_table ");
  EXPECT_EQ(codes(read("T\nC,A\nx,a\n")), "too_few_levels ");
  EXPECT_EQ(codes(read("T\nC,A,B\n")), "no_criteria ");
  EXPECT_EQ(codes(read("T\nC,A,B\nx,a,b\n,a,b\n")), "name_missing@4 ");
  EXPECT_EQ(codes(read("T\nC,A,,B\nx,a,b,c\n")), "level_unnamed@2:3 weights_assumed ");
  EXPECT_EQ(codes(read("T\nSubtitle\nC,A,B\nx,a,b\n")), "row_ignored@2:1 weights_assumed ");
  EXPECT_EQ(codes(read("T\nC,1a,2a,3a,4a,5a,6a,7a,8a,9a,10a,11a\nx\n")), "too_many_levels@2:12 ");
}

TEST(TableReader, nothing_is_cut) {
  const auto preview = read("T\nC,A,B\nx," + std::string(5'000, 'a') + ",b\n");
  EXPECT_FALSE(preview.rubric);
  EXPECT_EQ(codes(preview), "too_long@3:2 ");
  std::string many = "T\nC,A,B\n";
  for (int i = 0; i < 51; ++i) many += "x,a,b\n";
  EXPECT_EQ(codes(read(many)), "too_many_criteria@53 ");
}

TEST(TableReader, right_to_left_marks_and_control_characters_are_left_out_with_a_note) {
  const auto preview = read("T\nC,A,B\nx\u202ey,a\x07,b\n");
  ASSERT_TRUE(preview.rubric);
  EXPECT_EQ(preview.rubric->criteria[0].name.en, "xy");
  EXPECT_EQ(preview.rubric->criteria[0].cells[0].descriptor.en, "a");
  EXPECT_EQ(codes(preview), "hidden_characters@3 hidden_characters@3:2 weights_assumed ");
  ASSERT_TRUE(preview.notes[0].hidden);
  EXPECT_EQ(preview.notes[0].hidden->text, "\\u{202E}");
}

TEST(SplitLanguages, cuts_where_chinese_ends) {
  EXPECT_EQ(split_name("論點 / Thesis").zh_tw, "論點");
  EXPECT_EQ(split_name("論點 / Thesis").en, "Thesis");
  EXPECT_EQ(split_name("語法 / 用詞 / Grammar").zh_tw, "語法 / 用詞");
  EXPECT_EQ(split_name("Thesis / claim").en, "Thesis / claim");
  EXPECT_EQ(split_name("論點 / ").zh_tw, "論點 / ");
  EXPECT_EQ(split_text("甲\n乙\nEnglish\nlines").en, "English\nlines");
  EXPECT_EQ(split_text("使用 MLA / APA").zh_tw, "使用 MLA / APA");
}

TEST(Import, looks_at_the_bytes_where_no_format_is_named) {
  EXPECT_EQ(detect_format("PK\x03\x04"), FormatId::xlsx);
  EXPECT_EQ(detect_format(" {\"title\""), FormatId::json);
  EXPECT_EQ(detect_format("Rubric Name,Criteria Name"), FormatId::canvas_csv);
  EXPECT_EQ(detect_format("<meta charset='utf-8'><table"), FormatId::html);
  EXPECT_EQ(detect_format("a|b\n-|-\n"), FormatId::markdown);
  EXPECT_EQ(detect_format("a\tb\n"), FormatId::tsv);
  EXPECT_EQ(detect_format("a,b\n"), FormatId::csv);
  EXPECT_EQ(detect_format("\xff"), FormatId::csv);
}

TEST(Import, refuses_what_it_cannot_be) {
  EXPECT_EQ(codes(import_rubric("", {})), "empty ");
  EXPECT_EQ(codes(import_rubric(" \n\t ", {})), "empty ");
  EXPECT_EQ(codes(import_rubric(std::string(import_bytes_max + 1, 'a'), {})), "too_large ");
  EXPECT_EQ(codes(import_rubric("x", {.format = FormatId::docx})), "export_only ");
  EXPECT_EQ(codes(import_rubric("PK\x03\x04", {.format = FormatId::csv})), "not_text ");
  EXPECT_EQ(codes(import_rubric("{", {})), "malformed_json ");
  EXPECT_EQ(codes(import_rubric("{\"x\": 1}", {.format = FormatId::json})).substr(0, 16),
            "unknown_field@x ");
}

TEST(Import, refusals_of_our_json_name_the_path_in_both_languages) {
  auto json = domain::to_json(small_rubric());
  json.replace(json.find("\"weight\":50"), 11, "\"weight\":500");
  const auto preview = import_rubric(json, {});
  ASSERT_EQ(codes(preview), "out_of_range@criteria[0].weight ");
  EXPECT_EQ(preview.notes[0].message.en, "criteria[0].weight must be from 0 to 100.");
  EXPECT_EQ(preview.notes[0].message.zh_tw, "criteria[0].weight：數值超出範圍。");
}

}  // namespace
}  // namespace rubricon::formats
