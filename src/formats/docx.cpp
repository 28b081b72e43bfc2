#include <rubricon/formats/docx.hpp>

#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/ooxml.hpp>
#include <rubricon/formats/rubric_grid.hpp>
#include <rubricon/formats/zip.hpp>

#include <fmt/format.h>

namespace rubricon::formats {
namespace {

constexpr const char* styles =
    R"(<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">)"
    R"(<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" )"
    R"(w:eastAsia="Microsoft JhengHei" w:cs="Calibri"/><w:sz w:val="20"/>)"
    R"(<w:lang w:val="en-US" w:eastAsia="zh-TW"/></w:rPr></w:rPrDefault></w:docDefaults>)"
    R"(<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>)"
    R"(</w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/>)"
    R"(<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="160"/></w:pPr>)"
    R"(<w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style></w:styles>)";

constexpr const char* table_head =
    R"(<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>)"
    R"(<w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/>)"
    R"(<w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/>)"
    R"(<w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/>)"
    R"(</w:tblBorders></w:tblPr><w:tblGrid>)";

constexpr const char* page =
    R"(<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>)"
    R"(<w:pgMar w:top="720" w:right="720" w:bottom="720" w:left="720" w:header="360" )"
    R"(w:footer="360" w:gutter="0"/></w:sectPr>)";

constexpr std::size_t text_width = 15'398;  // twentieths of a point between the margins
constexpr std::size_t number_width = 900;

enum class Weight { regular, bold };

std::string run(std::string_view text, Weight weight) {
  return fmt::format(R"(<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r>)",
                     weight == Weight::bold ? "<w:rPr><w:b/></w:rPr>" : "", escape_markup(text));
}

/// A paragraph a line.
std::string paragraphs(std::string_view text, std::string_view properties, Weight weight) {
  std::string out;
  do {
    const auto end = std::min(text.find('\n'), text.size());
    out += fmt::format("<w:p>{}{}</w:p>", properties, run(text.substr(0, end), weight));
    text.remove_prefix(std::min(end + 1, text.size()));
  } while (!text.empty());
  return out;
}

std::string cell_xml(const GridCell& cell, std::size_t width, Weight weight) {
  const auto shade = cell.heading ? R"(<w:shd w:val="clear" w:color="auto" w:fill="E8EEF4"/>)" : "";
  return fmt::format(
      R"(<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/>{}</w:tcPr>{}</w:tc>)", width, shade,
      paragraphs(cell.text, cell.number ? R"(<w:pPr><w:jc w:val="right"/></w:pPr>)" : "", weight));
}

std::vector<std::size_t> widths_of(const GridRow& row) {
  std::size_t numbers = 0;
  for (const auto& cell : row.cells) numbers += cell.number ? 1u : 0u;
  const auto rest = (text_width - numbers * number_width) / (row.cells.size() - numbers);
  std::vector<std::size_t> out;
  for (const auto& cell : row.cells) out.push_back(cell.number ? number_width : rest);
  return out;
}

std::string row_xml(const GridRow& row, const std::vector<std::size_t>& widths) {
  const bool heading = row.number == 1;
  std::string out = heading ? "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
                            : "<w:tr><w:trPr><w:cantSplit/></w:trPr>";
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    out += cell_xml(row.cells[i], widths[i], heading || i == 0 ? Weight::bold : Weight::regular);
  }
  return out + "</w:tr>";
}

}  // namespace

std::string write_docx(const domain::Rubric& rubric, Language language) {
  const auto grid = rubric_grid(rubric, language);
  const auto widths = widths_of(grid.rows[1]);
  std::string body =
      R"(<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">)";
  body += "<w:body>" +
          paragraphs(grid.title, R"(<w:pPr><w:pStyle w:val="Title"/></w:pPr>)", Weight::regular) +
          table_head;
  for (const auto width : widths) body += fmt::format(R"(<w:gridCol w:w="{}"/>)", width);
  body += "</w:tblGrid>";
  for (const auto& row : grid.rows) body += row_xml(row, widths);
  body += std::string("</w:tbl><w:p/>") + page + "</w:body></w:document>";
  return write_zip({{"[Content_Types].xml",
                     ooxml_content_types({{"/word/document.xml", "wordprocessingml.document.main"},
                                          {"/word/styles.xml", "wordprocessingml.styles"}})},
                    {"_rels/.rels", ooxml_relations({{"officeDocument", "word/document.xml"}})},
                    {"word/_rels/document.xml.rels", ooxml_relations({{"styles", "styles.xml"}})},
                    {"word/styles.xml", ooxml_part(styles)},
                    {"word/document.xml", ooxml_part(body)}});
}

}  // namespace rubricon::formats
