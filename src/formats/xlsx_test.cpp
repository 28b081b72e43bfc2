// tests: xlsx_export.cpp xlsx_import.cpp ooxml.cpp
#include <rubricon/formats/xlsx.hpp>

#include <rubricon/formats/docx.hpp>
#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/templates_test.hpp>
#include <rubricon/formats/zip.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

std::string part(const std::string& bytes, const std::string& name) {
  Notes notes;
  auto archive = ZipArchive::open(bytes, notes);
  return archive ? archive->read(name).value_or("no such part") : "no archive";
}

/// A workbook as other programs make it: shared strings, a sheet of another name.
std::string workbook(const std::string& rows, const std::string& strings = "",
                     const std::string& sheets = "<sheet name=\"S\" sheetId=\"7\" r:id=\"r9\"/>") {
  return write_zip(
      {{"xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets>" + sheets + "</sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r9\" Type=\"t/worksheet\" "
        "Target=\"worksheets/other.xml\"/><Relationship Id=\"r2\" Type=\"t/sharedStrings\" "
        "Target=\"/xl/strings.xml\"/></Relationships>"},
       {"xl/strings.xml", "<sst>" + strings + "</sst>"},
       {"xl/worksheets/other.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}});
}

constexpr const char* heading =
    "<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>評分項目</t></is></c><c r=\"C3\" "
    "t=\"inlineStr\"><is><t>優</t></is></c><c r=\"D3\" t=\"inlineStr\"><is><t>良</t></is></c>"
    "</row>";

TEST(Xlsx, texts_are_texts_even_where_they_look_like_formulas) {
  auto rubric = small_rubric();
  rubric.criteria[0].name.zh_tw = "=HYPERLINK(\"x\")";
  const auto sheet = part(write_xlsx(rubric, Language::zh_tw), "xl/worksheets/sheet1.xml");
  EXPECT_NE(sheet.find("t=\"inlineStr\"><is><t xml:space=\"preserve\">=HYPERLINK(&quot;x&quot;)"),
            std::string::npos);
  EXPECT_EQ(sheet.find("<f>"), std::string::npos);
}

TEST(Xlsx, weights_and_points_are_numbers) {
  const auto sheet = part(write_xlsx(small_rubric(), Language::zh_tw), "xl/worksheets/sheet1.xml");
  EXPECT_NE(sheet.find("<c r=\"C3\" s=\"4\"><v>50</v></c>"), std::string::npos) << sheet;
  EXPECT_NE(sheet.find("orientation=\"landscape\""), std::string::npos);
}

TEST(Xlsx, workbooks_of_other_programs_are_read) {
  const auto preview = import_rubric(
      workbook(std::string(heading) +
                   "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>0</v></c><c r=\"C4\" t=\"s\"><v>1</v></c>"
                   "<c r=\"D4\" t=\"str\"><v>弱</v></c></row>",
               "<si><t>論點</t><rPh sb=\"0\" eb=\"1\"><t>ろん</t></rPh></si>"
               "<si><r><t>很</t></r><r><t xml:space=\"preserve\">強 </t></r></si>"),
      {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->criteria[0].name.zh_tw, "論點");
  EXPECT_EQ(preview.rubric->criteria[0].cells[0].descriptor.zh_tw, "很強");
  EXPECT_EQ(preview.rubric->criteria[0].cells[1].descriptor.zh_tw, "弱");
  EXPECT_EQ(codes(preview), "title_missing weights_assumed ");
}

TEST(Xlsx, of_formulas_the_last_result_counts_and_a_note_says_so) {
  const auto preview =
      import_rubric(workbook(std::string(heading) +
                             "<row r=\"4\"><c r=\"A4\" t=\"str\"><f>A1&amp;B1</f><v>論點</v></c>"
                             "<c r=\"C4\" t=\"inlineStr\"><is><t>強</t></is></c></row>"),
                    {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->criteria[0].name.zh_tw, "論點");
  EXPECT_EQ(codes(preview), "formula@4:1 title_missing weights_assumed ");
}

TEST(Xlsx, only_the_first_sheet_is_read_and_a_note_says_so) {
  const auto preview = import_rubric(
      workbook(std::string(heading) + "<row><c t=\"inlineStr\"><is><t>a</t></is></c></row>", "",
               "<sheet r:id=\"r9\"/><sheet r:id=\"r8\"/>"),
      {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.notes[0].code, "several_sheets");
}

TEST(Xlsx, a_table_of_ten_thousand_columns_or_rows_is_refused) {
  EXPECT_EQ(
      codes(import_rubric(
          workbook("<row r=\"1\"><c r=\"NTP1\" t=\"inlineStr\"><is><t>x</t></is></c></row>"), {})),
      "too_many_columns@1:10000 ");
  std::string rows;
  for (int i = 0; i < 1'001; ++i) rows += "<row r=\"" + std::to_string(i + 1) + "\"/>";
  EXPECT_EQ(codes(import_rubric(workbook(rows), {})), "too_many_rows@1001 ");
}

TEST(Xlsx, a_part_beyond_its_bound_is_not_read) {
  std::string strings;
  for (int i = 0; strings.size() <= xlsx_part_bytes_max; ++i) {
    strings += "<si><t>" + std::to_string(i * 7'919) + "</t></si>";
  }
  EXPECT_EQ(codes(import_rubric(workbook("", strings), {})), "xlsx_too_large ");
}

TEST(Xlsx, many_cells_that_share_one_long_text_are_refused) {
  std::string text;
  for (unsigned n = 0; text.size() < 30'000; ++n) text += std::to_string(n * 2'654'435'761u);
  const auto strings = "<si><t>" + text + "</t></si>";
  std::string row = "<row r=\"4\">";
  for (int n = 0; n < 90; ++n) row += "<c t=\"s\"><v>0</v></c>";
  EXPECT_EQ(codes(import_rubric(workbook(std::string(heading) + row + "</row>", strings), {})),
            "xlsx_too_large ");
}

TEST(Xlsx, documents_with_a_document_type_are_refused) {
  const auto evil = write_zip({{"xl/workbook.xml",
                                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><workbook>"
                                "&e;</workbook>"}});
  EXPECT_EQ(codes(import_rubric(evil, {})), "xml_doctype ");
}

TEST(Xlsx, what_is_no_workbook_is_refused) {
  EXPECT_EQ(codes(import_rubric(write_zip({{"xl/workbook.xml", "<a>"}}), {})), "xlsx_damaged ");
  EXPECT_EQ(codes(import_rubric(workbook("<row>\xff</row>"), {})), "xlsx_damaged ");
  EXPECT_EQ(codes(import_rubric("PK\x03\x04 not a zip", {})), "zip_damaged ");
  EXPECT_EQ(codes(import_rubric("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 xls", {})), "old_office ");
  EXPECT_EQ(codes(import_rubric("a,b", {.format = FormatId::xlsx})), "zip_damaged ");
}

TEST(Xlsx, a_word_document_is_told_from_a_damaged_workbook) {
  const auto preview =
      import_rubric(write_docx(small_rubric(), Language::zh_tw), {.format = FormatId::xlsx});
  EXPECT_FALSE(preview.rubric);
  EXPECT_EQ(codes(preview), "word_document ");
}

TEST(Xlsx, an_open_document_is_told_from_a_damaged_workbook) {
  const auto preview = import_rubric(
      write_zip({{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", "<a/>"}}),
      {});
  EXPECT_FALSE(preview.rubric);
  EXPECT_EQ(codes(preview), "open_document ");
}

}  // namespace
}  // namespace rubricon::formats
