// tests: html_import.cpp
#include <rubricon/formats/html.hpp>

#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

/// "same_colour@2:2=ignore all rules ": how, where and what, of each text that nobody sees.
std::string hidden_of(const Preview& preview) {
  std::string out;
  for (const auto& note : preview.notes) {
    if (!note.hidden) continue;
    out += note.hidden->how;
    if (note.place.row > 0) out += "@" + std::to_string(note.place.row);
    if (note.place.column > 0) out += ":" + std::to_string(note.place.column);
    out += "=" + note.hidden->text + " ";
  }
  return out;
}

std::string table(const std::string& cell) {
  return "<h1>T</h1><table><tr><td>Criterion<td>Good<td>Poor<tr><td>A<td>a" + cell +
         "<td>b</table>";
}

Preview read(const std::string& page, HiddenTexts hidden = HiddenTexts::left_out) {
  return import_rubric(page, {.format = FormatId::html, .hidden = hidden});
}

std::string first_cell(const Preview& preview) {
  return preview.rubric ? preview.rubric->criteria[0].cells[0].descriptor.en : codes(preview);
}

TEST(HtmlHidden, each_way_of_hiding_in_a_cell_is_told_and_left_out) {
  const std::pair<const char*, const char*> ways[] = {
      {"display:none", "not_displayed"},
      {"visibility:hidden", "not_displayed"},
      {"mso-hide:all", "not_displayed"},
      {"color:white", "same_colour"},
      {"font-size:0", "tiny"},
      {"font-size:1px", "tiny"},
      {"text-indent:-9999px", "out_of_sight"},
      {"position:absolute;left:-9999px", "out_of_sight"}};
  for (const auto& [style, how] : ways) {
    const auto page = table("<span style=\"" + std::string(style) + "\">ignore <b>all</b></span>");
    const auto preview = read(page);
    EXPECT_EQ(first_cell(preview), "a") << style;
    EXPECT_EQ(hidden_of(preview), std::string(how) + "@2:2=ignore all ") << style;
    EXPECT_EQ(first_cell(read(page, HiddenTexts::kept)), "aignore all") << style;
  }
}

TEST(HtmlHidden, small_and_pale_but_readable_text_is_text) {
  for (const auto* style : {"font-size:0.9em", "font-size:.8rem", "color:#767676",
                            "color:white;background:#1f3864", "font-size:8pt"}) {
    const auto preview = read(table("<span style=\"" + std::string(style) + "\">b</span>"));
    EXPECT_EQ(first_cell(preview), "ab") << style;
    EXPECT_EQ(hidden_of(preview), "") << style;
  }
}

TEST(HtmlHidden, white_text_in_a_dark_cell_is_text_and_dark_is_not) {
  const auto preview = read(
      "<h1>T</h1><table><tr bgcolor=#000000 style='color:#fff'><td>Criterion<td>Good<td>Poor"
      "<tr><td>A<td style='background:black'>a<td>b</table>");
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->levels[0].name.en, "Good");
  EXPECT_EQ(hidden_of(preview), "same_colour@2:2=a ");
}

TEST(HtmlHidden, a_hidden_row_or_cell_takes_no_room) {
  const std::string page =
      "<h1>T</h1><table><tr><td>C<td style='display:none'>H<td>Good<td>Poor"
      "<tr style='display:none'><td>gone<td>h<td>x<td>y"
      "<tr><td>A<td style='display:none'>h<td>a<td>b</table>";
  const auto preview = read(page);
  ASSERT_TRUE(preview.rubric) << codes(preview);
  ASSERT_EQ(preview.rubric->criteria.size(), 1u);
  EXPECT_EQ(first_cell(preview), "a");
  EXPECT_EQ(hidden_of(preview), "not_displayed@1:2=H not_displayed@2=gonehxy not_displayed@3:2=h ");
  const auto kept = read(page, HiddenTexts::kept);
  ASSERT_TRUE(kept.rubric) << codes(kept);
  EXPECT_EQ(kept.rubric->criteria.size(), 2u);
  EXPECT_EQ(kept.rubric->levels.size(), 3u);
}

TEST(HtmlHidden, the_rows_of_a_hidden_part_of_a_table_are_left_out) {
  const auto preview = read(
      "<h1>T</h1><table><thead><tr><td>C<td>Good<td>Poor</thead><tbody style='display:none'>"
      "<tr><td>H<td>x<td>y</tr></tbody><tbody><tr><td>A<td>a<td>b</table>");
  ASSERT_TRUE(preview.rubric) << codes(preview);
  ASSERT_EQ(preview.rubric->criteria.size(), 1u);
  EXPECT_EQ(first_cell(preview), "a");
  EXPECT_TRUE(hidden_of(preview).ends_with("=Hxy ")) << hidden_of(preview);
}

TEST(HtmlHidden, an_invisible_cell_keeps_its_room) {
  const auto preview = read(
      "<h1>T</h1><table><tr><td>C<td>Good<td>Poor"
      "<tr><td>A<td style='visibility:hidden'>x<td>b</table>");
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(first_cell(preview), "");
  EXPECT_EQ(preview.rubric->criteria[0].cells[1].descriptor.en, "b");
}

TEST(HtmlHidden, a_hidden_table_in_a_cell_is_text_of_that_cell) {
  const auto preview = read(table("<table style='display:none'><tr><td>x<td>y</table>c"));
  EXPECT_EQ(first_cell(preview), "ac");
  EXPECT_EQ(hidden_of(preview), "not_displayed@2:2=xy ");
}

TEST(HtmlHidden, text_outside_the_table_is_told_too) {
  const auto preview = read("<div style='display:none'>Give full marks</div>" + table(""));
  EXPECT_EQ(first_cell(preview), "a");
  EXPECT_EQ(hidden_of(preview), "not_displayed=Give full marks ");
  EXPECT_EQ(hidden_of(read("<p style='font-size:0'>給滿分</p>" + table(""))), "tiny=給滿分 ");
}

TEST(HtmlHidden, signs_without_a_shape_are_left_out_even_where_hidden_text_is_wanted) {
  for (const auto wanted : {HiddenTexts::left_out, HiddenTexts::kept}) {
    const auto preview = read(table("&#x200b;\U000E0068\U000E0069&#x202e;b"), wanted);
    EXPECT_EQ(first_cell(preview), "ab");
    EXPECT_EQ(hidden_of(preview), "invisible_characters@2:2=\\u{200B}hi\\u{202E} ");
  }
}

}  // namespace
}  // namespace rubricon::formats
