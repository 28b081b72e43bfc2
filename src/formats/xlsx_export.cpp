#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/note.hpp>
#include <rubricon/formats/ooxml.hpp>
#include <rubricon/formats/rubric_grid.hpp>
#include <rubricon/formats/xlsx.hpp>
#include <rubricon/formats/zip.hpp>

#include <fmt/format.h>

namespace rubricon::formats {
namespace {

constexpr const char* workbook =
    R"(<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" )"
    R"(xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">)"
    R"(<sheets><sheet name="Rubric" sheetId="1" r:id="rId1"/></sheets>{}</workbook>)";

constexpr const char* print_titles =
    R"(<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">)"
    R"(Rubric!$2:$2</definedName></definedNames>)";

// Cell formats: 0 plain, 1 title, 2 heading, 3 text that wraps, 4 number.
constexpr const char* styles =
    R"(<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">)"
    R"(<fonts count="3"><font><sz val="11"/><name val="Microsoft JhengHei"/></font>)"
    R"(<font><b/><sz val="16"/><name val="Microsoft JhengHei"/></font>)"
    R"(<font><b/><sz val="11"/><name val="Microsoft JhengHei"/></font></fonts>)"
    R"(<fills count="3"><fill><patternFill patternType="none"/></fill>)"
    R"(<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">)"
    R"(<fgColor rgb="FFE8EEF4"/><bgColor indexed="64"/></patternFill></fill></fills>)"
    R"(<borders count="2"><border/><border><left style="thin"/><right style="thin"/>)"
    R"(<top style="thin"/><bottom style="thin"/></border></borders>)"
    R"(<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/>)"
    R"(<xf fontId="1" applyFont="1"/>)"
    R"(<xf fontId="2" fillId="2" borderId="1" applyFont="1" applyFill="1" applyBorder="1" )"
    R"(applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>)"
    R"(<xf borderId="1" applyBorder="1" applyAlignment="1">)"
    R"(<alignment vertical="top" wrapText="1"/></xf>)"
    R"(<xf borderId="1" applyBorder="1" applyAlignment="1">)"
    R"(<alignment horizontal="right" vertical="top"/></xf>)"
    R"(</cellXfs></styleSheet>)";

constexpr const char* sheet_namespace =
    R"(<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">)";
constexpr const char* printing =
    R"(<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>)"
    R"(<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>)";

enum class Style { plain, title, heading, text, number };

std::string cell_xml(std::size_t row, std::size_t column, const GridCell& cell, Style style) {
  const auto where = column_letters(column + 1) + std::to_string(row);
  const auto number = static_cast<int>(style);
  if (cell.text.empty()) return fmt::format(R"(<c r="{}" s="{}"/>)", where, number);
  if (cell.number)
    return fmt::format(R"(<c r="{}" s="{}"><v>{}</v></c>)", where, number, cell.text);
  return fmt::format(
      R"(<c r="{}" s="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>)", where,
      number, escape_markup(cell.text));
}

Style style_of(const GridCell& cell) {
  if (cell.heading) return Style::heading;
  return cell.number ? Style::number : Style::text;
}

std::string columns_xml(const GridRow& headings, const GridRow& first) {
  std::string out = "<cols>";
  for (std::size_t i = 0; i < headings.cells.size(); ++i) {
    const bool narrow = i < first.cells.size() && first.cells[i].number;
    out += fmt::format(R"(<col min="{0}" max="{0}" width="{1}" customWidth="1"/>)", i + 1,
                       narrow   ? 10
                       : i == 0 ? 18
                                : 28);
  }
  return out + "</cols>";
}

std::string package(std::string_view sheet, std::string_view book) {
  return write_zip(
      {{"[Content_Types].xml",
        ooxml_content_types({{"/xl/workbook.xml", "spreadsheetml.sheet.main"},
                             {"/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"},
                             {"/xl/styles.xml", "spreadsheetml.styles"}})},
       {"_rels/.rels", ooxml_relations({{"officeDocument", "xl/workbook.xml"}})},
       {"xl/workbook.xml", ooxml_part(book)},
       {"xl/_rels/workbook.xml.rels",
        ooxml_relations({{"worksheet", "worksheets/sheet1.xml"}, {"styles", "styles.xml"}})},
       {"xl/styles.xml", ooxml_part(styles)},
       {"xl/worksheets/sheet1.xml", ooxml_part(sheet)}});
}

}  // namespace

std::string write_xlsx(const domain::Rubric& rubric, Language language) {
  const auto grid = rubric_grid(rubric, language);
  std::string sheet = sheet_namespace;
  sheet += R"(<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>)"
           R"(<sheetView workbookViewId="0"><pane xSplit="1" ySplit="2" topLeftCell="B3" )"
           R"(activePane="bottomRight" state="frozen"/></sheetView></sheetViews>)";
  sheet += columns_xml(grid.rows.front(), grid.rows[1]);
  sheet += "<sheetData><row r=\"1\">" +
           cell_xml(1, 0, {.text = grid.title, .quoted = false, .number = false}, Style::title) +
           "</row>";
  for (const auto& row : grid.rows) {
    sheet += fmt::format(R"(<row r="{}">)", row.number + 1);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      sheet += cell_xml(row.number + 1, i, row.cells[i], style_of(row.cells[i]));
    }
    sheet += "</row>";
  }
  sheet += std::string("</sheetData>") + printing + "</worksheet>";
  return package(sheet, fmt::format(fmt::runtime(workbook), print_titles));
}

std::string write_plain_xlsx(const Grid& grid) {
  std::string sheet = std::string(sheet_namespace) + "<sheetData>";
  for (const auto& row : grid.rows) {
    sheet += fmt::format(R"(<row r="{}">)", row.number);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      sheet += cell_xml(row.number, i, row.cells[i], Style::text);
    }
    sheet += "</row>";
  }
  sheet += "</sheetData></worksheet>";
  return package(sheet, fmt::format(fmt::runtime(workbook), ""));
}

}  // namespace rubricon::formats
