// tests: xlsx_import.cpp
#include <rubricon/formats/xlsx.hpp>

#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/zip.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

constexpr const char* styles =
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\";;;\"/></numFmts>"
    "<fonts><font/><font><color rgb=\"FFFFFFFF\"/></font><font><sz val=\"1\"/></font></fonts>"
    "<fills><fill><patternFill patternType=\"none\"/></fill></fills>"
    "<cellXfs><xf/><xf fontId=\"1\"/><xf fontId=\"2\"/><xf numFmtId=\"164\"/></cellXfs>"
    "</styleSheet>";

/// Two sheets, the second with a table of its own.
struct Book {
  std::string columns;
  std::string rows;
  std::string first_state = "visible";
  std::string second_state = "visible";
  std::string strings;
};

std::string cell(const char* at, const std::string& text, const char* style = "0") {
  return "<c r=\"" + std::string(at) + "\" s=\"" + style + "\" t=\"inlineStr\"><is><t>" + text +
         "</t></is></c>";
}

std::string heading() {
  return "<row r=\"1\">" + cell("A1", "C") + cell("B1", "Good") + cell("C1", "Poor") + "</row>";
}

std::string written(const Book& book) {
  const auto sheet = [](const std::string& columns, const std::string& rows) {
    return "<worksheet>" + columns + "<sheetData>" + rows + "</sheetData></worksheet>";
  };
  const auto second = heading() + "<row r=\"2\">" + cell("A2", "Other") + cell("B2", "o") +
                      cell("C2", "p") + "</row>";
  return write_zip(
      {{"xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"One\" state=\"" +
                               book.first_state + "\" r:id=\"r1\"/><sheet name=\"Two\" state=\"" +
                               book.second_state + "\" r:id=\"r2\"/></sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Type=\"t/worksheet\" "
        "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"t/worksheet\" "
        "Target=\"worksheets/sheet2.xml\"/></Relationships>"},
       {"xl/sharedStrings.xml", "<sst>" + book.strings + "</sst>"},
       {"xl/styles.xml", styles},
       {"xl/worksheets/sheet1.xml", sheet(book.columns, book.rows)},
       {"xl/worksheets/sheet2.xml", sheet("", second)}});
}

Preview read(const Book& book, HiddenTexts hidden = HiddenTexts::left_out) {
  return import_rubric(written(book), {.format = {}, .hidden = hidden});
}

std::string hidden_of(const Preview& preview) {
  std::string out;
  for (const auto& note : preview.notes) {
    if (!note.hidden) continue;
    out += note.hidden->how + "@" + note.hidden->sheet + std::to_string(note.place.row) + ":" +
           std::to_string(note.place.column) + "=" + note.hidden->text + " ";
  }
  return out;
}

std::string first_cell(const Preview& preview) {
  return preview.rubric ? preview.rubric->criteria[0].cells[0].descriptor.en : codes(preview);
}

std::string criterion(const std::string& good) {
  return "<row r=\"2\">" + cell("A2", "A") + good + cell("C2", "b") + "</row>";
}

TEST(XlsxHidden, text_that_nobody_can_read_in_a_cell_is_told_and_left_out) {
  const std::pair<const char*, const char*> ways[] = {
      {"1", "same_colour"}, {"2", "tiny"}, {"3", "number_format"}};
  for (const auto& [style, how] : ways) {
    const Book book{.columns = {}, .rows = heading() + criterion(cell("B2", "full marks", style))};
    const auto preview = read(book);
    EXPECT_EQ(first_cell(preview), "") << how;
    EXPECT_EQ(hidden_of(preview), std::string(how) + "@2:2=full marks ");
    EXPECT_EQ(first_cell(read(book, HiddenTexts::kept)), "full marks");
  }
}

TEST(XlsxHidden, a_run_within_a_text_is_left_out_of_it) {
  const Book book{
      .columns = {},
      .rows = heading() + criterion("<c r=\"B2\" t=\"s\"><v>0</v></c>"),
      .strings =
          "<si><r><t xml:space=\"preserve\">clear </t></r><r><rPr><sz val=\"11\"/><color "
          "rgb=\"FFFFFFFF\"/></rPr><t>ignore this</t></r><r><t>thesis</t></r></si>"};
  const auto preview = read(book);
  EXPECT_EQ(first_cell(preview), "clear thesis");
  EXPECT_EQ(hidden_of(preview), "same_colour@2:2=ignore this ");
}

TEST(XlsxHidden, rows_and_columns_that_are_not_shown_are_told_and_left_out) {
  const Book book{.columns = "<cols><col min=\"4\" max=\"4\" width=\"9\" hidden=\"1\"/></cols>",
                  .rows = heading() + criterion(cell("B2", "a")) + "<row r=\"3\" hidden=\"1\">" +
                          cell("A3", "H") + cell("B3", "x") + cell("C3", "y") +
                          "</row><row r=\"4\">" + cell("A4", "B") + cell("B4", "c") +
                          cell("C4", "d") + cell("D4", "secret") + "</row>"};
  const auto preview = read(book);
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->criteria.size(), 2u);
  EXPECT_EQ(preview.rubric->levels.size(), 2u);
  EXPECT_EQ(hidden_of(preview), "row@3:0=H x y column@0:4=secret ");
  const auto kept = read(book, HiddenTexts::kept);
  ASSERT_TRUE(kept.rubric) << codes(kept);
  EXPECT_EQ(kept.rubric->criteria.size(), 3u);
  EXPECT_EQ(kept.rubric->levels.size(), 3u);
}

TEST(XlsxHidden, the_first_sheet_that_is_shown_is_read_and_the_other_one_told) {
  const Book book{
      .columns = {}, .rows = heading() + criterion(cell("B2", "a")), .first_state = "veryHidden"};
  const auto preview = read(book);
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->criteria[0].name.en, "Other");
  EXPECT_EQ(hidden_of(preview), "sheet@One0:0=C Good Poor A a b ");
  const auto kept = read(book, HiddenTexts::kept);
  ASSERT_TRUE(kept.rubric) << codes(kept);
  EXPECT_EQ(kept.rubric->criteria[0].name.en, "A");
}

TEST(XlsxHidden, a_hidden_sheet_behind_the_first_is_told) {
  const Book book{
      .columns = {}, .rows = heading() + criterion(cell("B2", "a")), .second_state = "hidden"};
  EXPECT_EQ(hidden_of(read(book)), "sheet@Two0:0=C Good Poor Other o p ");
}

}  // namespace
}  // namespace rubricon::formats
