#include <rubricon/formats/html.hpp>
#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/rubric_grid.hpp>

namespace rubricon::formats {
namespace {

constexpr const char* style = R"(
@page { size: A4 landscape; margin: 12mm; }
body { font: 11pt/1.45 "Noto Sans TC", "Microsoft JhengHei", "PingFang TC", sans-serif; }
h1 { font-size: 16pt; margin: 0 0 8pt; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.6pt solid #555; padding: 4pt 5pt; text-align: left; vertical-align: top; }
thead th { background: #e8eef4; }
td.number { text-align: right; white-space: nowrap; }
@media print { body { font-size: 9pt; } thead th { print-color-adjust: exact; } }
)";

std::string lines(std::string_view text) {
  std::string out;
  for (const char c : escape_markup(text))
    out += c == '\n' ? std::string("<br>") : std::string(1, c);
  return out;
}

std::string cell_html(const GridCell& cell, std::string_view tag, std::string_view scope) {
  std::string out = "<" + std::string(tag);
  if (!scope.empty()) out += " scope=\"" + std::string(scope) + "\"";
  if (cell.number) out += " class=\"number\"";
  return out + ">" + lines(cell.text) + "</" + std::string(tag) + ">";
}

std::string row_html(const GridRow& row) {
  std::string out = "<tr>";
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto& cell = row.cells[i];
    if (cell.heading) {
      out += cell_html(cell, "th", "col");
    } else {
      out += i == 0 ? cell_html(cell, "th", "row") : cell_html(cell, "td", "");
    }
  }
  return out + "</tr>\n";
}

}  // namespace

std::string write_html(const domain::Rubric& rubric, Language language) {
  const auto grid = rubric_grid(rubric, language);
  const auto title = escape_markup(grid.title);
  std::string out = "<!doctype html>\n<html lang=\"";
  out += language == Language::en ? "en" : "zh-Hant-TW";
  out +=
      "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>";
  out += title + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<h1>" + title +
         "</h1>\n<table>\n<thead>\n" + row_html(grid.rows.front()) + "</thead>\n<tbody>\n";
  for (std::size_t i = 1; i < grid.rows.size(); ++i) out += row_html(grid.rows[i]);
  return out + "</tbody>\n</table>\n</body>\n</html>\n";
}

}  // namespace rubricon::formats
