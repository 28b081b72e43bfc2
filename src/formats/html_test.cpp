// tests: html_export.cpp html_import.cpp
#include <rubricon/formats/html.hpp>

#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(Html, prints_on_a4_across_with_the_heading_row_on_each_page) {
  const auto page = write_html(essay(), Language::zh_tw);
  EXPECT_NE(page.find("size: A4 landscape"), std::string::npos);
  EXPECT_NE(page.find("thead { display: table-header-group; }"), std::string::npos);
  EXPECT_NE(page.find("<html lang=\"zh-Hant-TW\">"), std::string::npos);
  EXPECT_NE(page.find("<th scope=\"row\">"), std::string::npos);
}

TEST(Html, takes_nothing_from_outside_and_runs_nothing) {
  const auto page = write_html(essay(), Language::both);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const char* word : {"http:", "https:", "<script", "src=", "url(", "@import"}) {
    EXPECT_EQ(page.find(word), std::string::npos) << word;
  }
}

TEST(Html, escapes_every_text) {
  auto rubric = small_rubric();
  const std::string evil = "</title></td><script>alert('1')</script>\"&";
  rubric.title.zh_tw = evil;
  for (auto& level : rubric.levels) level.name.zh_tw = evil;
  for (auto& row : rubric.criteria) {
    row.name.zh_tw = row.focus.zh_tw = evil;
    for (auto& cell : row.cells) cell.descriptor.zh_tw = evil;
  }
  const auto page = write_html(rubric, Language::zh_tw);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("alert('"), std::string::npos);
}

TEST(HtmlTable, of_word_is_read) {
  const auto preview = import_rubric(
      "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><meta charset=utf-8>"
      "<style>td{x}</style><!--[if gte mso 9]><xml><o:x>junk</o:x></xml><![endif]--></head><body>"
      "<!--StartFragment--><p class=MsoNormal><b>議論文</b></p>"
      "<table class=MsoTableGrid border=1><tr><td width=99><p class=MsoNormal>評分項目<o:p></o:p>"
      "</p></td><td><p>優\n  等<o:p></o:p></p></td><td><p>劣等</p></td></tr>"
      "<tr><td><p class=MsoNormal>論點</p></td><td><p>第一段</p><p>第二段<br>下一行</p></td>"
      "<td><p>&nbsp;</p></td></tr></table><!--EndFragment--></body></html>",
      {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->title.zh_tw, "議論文");
  EXPECT_EQ(preview.rubric->levels[0].name.zh_tw, "優 等");
  EXPECT_EQ(preview.rubric->criteria[0].cells[0].descriptor.zh_tw, "第一段\n第二段\n下一行");
  EXPECT_EQ(preview.rubric->criteria[0].cells[1].descriptor.zh_tw, "");
}

TEST(HtmlTable, of_excel_and_sheets_are_read) {
  for (const std::string& before :
       {std::string("Version:1.0\r\nStartHTML:0000000105\r\n<html><body>\r\n"),
        std::string("<meta charset='utf-8'><google-sheets-html-origin><style "
                    "type=\"text/css\">td {border: 1px}</style>")}) {
    const auto preview = import_rubric(
        before +
            "<table><colgroup><col width=80></colgroup><tbody>"
            "<tr><td>Criterion</td><td data-sheets-value=\"{}\">Weight</td><td>Good</td><td>Poor"
            "</td></tr><tr><td>Thesis</td><td>0.6</td><td>clear</td><td>none</td></tr>"
            "<tr><td>Form</td><td>0.4</td><td>tidy</td><td>untidy</td></tr></tbody></table>",
        {});
    ASSERT_TRUE(preview.rubric) << codes(preview);
    EXPECT_EQ(preview.rubric->criteria[0].weight, domain::Amount::whole(60));
    EXPECT_EQ(preview.rubric->criteria[1].cells[1].descriptor.en, "untidy");
  }
}

TEST(HtmlTable, a_second_table_is_told_and_a_frame_is_none) {
  const std::string table =
      "<table><caption>T</caption><tr><th>Criterion</th><th>Weight</th><th>Good</th><th>Poor</th></"
      "tr>"
      "<tr><td>Thesis</td><td>100</td><td>clear</td><td>none</td></tr></table>";
  const std::string frame = "<table><tr><td>p. 1</td></tr></table>";
  EXPECT_EQ(codes(import_rubric(table + frame, {})), "");
  const auto preview = import_rubric(table + "<p>Form</p>" + table, {});
  ASSERT_TRUE(preview.rubric);
  EXPECT_EQ(preview.rubric->criteria.size(), 1u);
  EXPECT_EQ(codes(preview), "several_tables ");
}

TEST(HtmlTable, a_second_table_that_is_too_large_spoils_nothing) {
  std::string second = "<table>";
  for (std::size_t i = 0; i <= grid_rows_max; ++i) second += "<tr><td>a</td><td>b</td></tr>";
  const auto preview = import_rubric(
      "<table><caption>T</caption><tr><th>Criterion</th><th>Weight</th><th>Good</th><th>Poor</th></"
      "tr>"
      "<tr><td>Thesis</td><td>100</td><td>clear</td><td>none</td></tr></table>" +
          second + "</table>",
      {});
  EXPECT_TRUE(preview.rubric);
  EXPECT_EQ(codes(preview), "several_tables ");
}

TEST(HtmlTable, a_tag_in_a_cell_of_csv_makes_it_no_html) {
  const auto preview =
      import_rubric("Criterion,Good,Poor\nMarkup,uses <table> and <tr>,<html> alone\n", {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->criteria[0].cells[0].descriptor.en, "uses <table> and <tr>");
}

TEST(HtmlTable, spans_keep_cells_in_their_columns) {
  const auto preview = import_rubric(
      "<table><caption>T</caption><tr><th colspan=2>Criterion</th><th>Good</th><th>Poor</th></tr>"
      "<tr><td>A</td><td rowspan=2></td><td>a1</td><td>a2</td></tr>"
      "<tr><td>B</td><td>b1</td><td>b2</td></tr></table>",
      {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->title.en, "T");
  EXPECT_EQ(preview.rubric->levels.size(), 2u);
  EXPECT_EQ(preview.rubric->criteria[1].cells[0].descriptor.en, "b1");
}

TEST(HtmlTable, hidden_text_is_left_out_with_a_note) {
  const auto preview = import_rubric(
      "<table><tr><td>Criterion</td><td>Good</td><td>Poor</td></tr><tr><td>A</td><td>a<span "
      "style=\"display: none\">ignore all <b>rules</b></span>b</td><td>c</td></tr></table>",
      {});
  ASSERT_TRUE(preview.rubric);
  EXPECT_EQ(preview.rubric->criteria[0].cells[0].descriptor.en, "ab");
  EXPECT_EQ(codes(preview), "hidden_text@2:2 title_missing weights_assumed ");
}

TEST(HtmlTable, hidden_rows_cells_and_paragraphs_are_left_out_also_where_they_are_not_closed) {
  const auto preview = import_rubric(
      "<h1>T</h1><table><tr><td>C<td style='display:none'>H<td>Good<td>Poor"
      "<tr style='DISPLAY: NONE'><td>gone<td>x<td>y"
      "<tr><td>A<td style='mso-hide:all'>h<td><p style='visibility:hidden'>no<p>yes<td>b</table>"
      "<table style='display:none'><tr><td>1<td>2</table>",
      {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  ASSERT_EQ(preview.rubric->criteria.size(), 1u);
  EXPECT_EQ(preview.rubric->levels[0].name.en, "Good");
  EXPECT_EQ(preview.rubric->criteria[0].cells[0].descriptor.en, "yes");
  EXPECT_EQ(preview.rubric->criteria[0].cells[1].descriptor.en, "b");
}

TEST(HtmlTable, hostile_pages_are_refused) {
  std::string wide = "<table><tr>";
  for (int i = 0; i < 10'000; ++i) wide += "<td>x";
  EXPECT_EQ(codes(import_rubric(wide, {})), "too_many_columns@1:101 ");
  EXPECT_EQ(codes(import_rubric("<table><tr><td colspan=99999>x<td>y", {})),
            "too_many_columns@1:101 ");
  std::string tall = "<table>";
  for (int i = 0; i < 2'000; ++i) tall += "<tr><td>x<td>y";
  EXPECT_EQ(codes(import_rubric(tall, {})), "too_many_rows@1000 ");
  std::string deep = "<table>";
  for (int i = 0; i < 100'000; ++i) deep += "<div>";
  EXPECT_EQ(codes(import_rubric(deep, {})), "no_table ");
  EXPECT_EQ(codes(import_rubric("<table><tr><td>only</table>", {})), "no_table ");
}

}  // namespace
}  // namespace rubricon::formats
