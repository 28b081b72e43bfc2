#include <rubricon/formats/excel_csv.hpp>

#include <rubricon/formats/csv.hpp>
#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(ExcelCsv, begins_with_a_byte_order_mark_so_that_excel_sees_utf_8) {
  EXPECT_EQ(write_excel_csv(small_rubric(), Language::zh_tw),
            "\xef\xbb\xbf"
            "議論文評分\r\n"
            "評分項目,說明,權重（%）,配分,優秀,良好,待加強\r\n"
            "論點與立場,是否可辯論,50,10,10 分：立場精確,5 分：立場清楚,0 分：沒有立場\r\n"
            "組織,,50,10,10 分：段落分明,5 分：大致分明,0 分\r\n"
            "合計,,100,20,,,\r\n");
}

// S25
TEST(ExcelCsv, no_cell_begins_as_a_formula) {
  for (const std::string start : {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}) {
    const auto cell = start + "HYPERLINK(\"http://evil.example\")";
    EXPECT_EQ(guard_formula(cell), "'" + cell);
    EXPECT_EQ(unguarded(guard_formula(cell)), cell);
  }
  for (const std::string plain : {"論點", "a=b", "'quoted'", "10 分：x", ""}) {
    EXPECT_EQ(guard_formula(plain), plain);
    EXPECT_EQ(unguarded(plain), plain);
  }
  for (const std::string own : {"'=1", "''=1"}) EXPECT_EQ(unguarded(guard_formula(own)), own);
}

TEST(ExcelCsv, every_cell_of_an_evil_rubric_is_guarded) {
  auto rubric = small_rubric();
  rubric.title.zh_tw = "=cmd|' /C calc'!A0";
  for (auto& row : rubric.criteria) row.name.zh_tw = row.focus.zh_tw = "@SUM(1+1)";
  for (auto& level : rubric.levels) level.name.zh_tw = "+1";
  Notes notes;
  const auto text = write_excel_csv(rubric, Language::zh_tw);
  const auto grid = read_csv(std::string_view(text).substr(3), ',', notes);
  ASSERT_TRUE(grid);
  for (const auto& row : grid->rows) {
    for (const auto& cell : row.cells) {
      EXPECT_EQ(cell.text.find_first_of("=+-@\t\r"), cell.text.find("'=") == 0   ? 1u
                                                     : cell.text.find("'+") == 0 ? 1u
                                                     : cell.text.find("'@") == 0
                                                         ? 1u
                                                         : std::string::npos)
          << cell.text;
    }
  }
}

TEST(ExcelCsv, any_delimiter_and_encoding_that_excel_writes_is_read) {
  const std::string table = "評分項目,權重,優,良\n論點,60%,清楚,模糊\n組織,40%,分明,零散\n";
  std::string semicolons = table;
  std::string tabs = table;
  for (auto& c : semicolons) c = c == ',' ? ';' : c;
  for (auto& c : tabs) c = c == ',' ? '\t' : c;
  const auto expected = import_rubric(table, {}).rubric;
  ASSERT_TRUE(expected);
  EXPECT_EQ(expected->criteria[0].weight, domain::Amount::whole(60));
  EXPECT_EQ(expected->criteria[1].cells[1].descriptor.zh_tw, "零散");
  for (const auto& text : {semicolons, tabs, "\xef\xbb\xbf" + table}) {
    EXPECT_EQ(import_rubric(text, {}).rubric, expected);
  }
}

TEST(ExcelCsv, big5_is_refused_with_what_to_do) {
  // 論點,優,良 in Big5.
  const auto preview = import_rubric("\xbd\xd7\xc2\x49,\xc0\x75,\xa8\x7d\r\n", {});
  EXPECT_FALSE(preview.rubric);
  EXPECT_EQ(codes(preview), "big5 ");
  EXPECT_NE(preview.notes[0].message.en.find("CSV UTF-8"), std::string::npos);
  EXPECT_NE(preview.notes[0].message.zh_tw.find("另存新檔"), std::string::npos);
}

}  // namespace
}  // namespace rubricon::formats
