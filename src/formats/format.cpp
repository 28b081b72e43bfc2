#include <rubricon/formats/format.hpp>

#include <rubricon/base/assert.hpp>

#include <algorithm>
#include <vector>

namespace rubricon::formats {
namespace {

constexpr const char* xlsx_type =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr const char* docx_type =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr const char* csv_type = "text/csv; charset=utf-8";
constexpr const char* json_type = "application/json";

enum class Ways { out, in, both };

Format format(FormatId id, std::string_view name, domain::LocalText label,
              std::string_view media_type, std::string_view extension, Ways ways) {
  return {id, name, std::move(label), media_type, extension, ways != Ways::in, ways != Ways::out};
}

std::vector<Format> make_formats() {
  using enum FormatId;
  std::vector<Format> all;
  const auto add = [&all](auto&&... parts) { all.push_back(format(parts...)); };
  using Text = domain::LocalText;
  add(canvas_csv, "canvas-csv", Text{"Canvas (CSV)", "Canvas（CSV）"}, csv_type, "csv", Ways::both);
  add(csv, "csv", Text{"CSV for Excel", "CSV（Excel 用）"}, csv_type, "csv", Ways::both);
  add(xlsx, "xlsx", Text{"Excel workbook", "Excel 活頁簿"}, xlsx_type, "xlsx", Ways::both);
  add(docx, "docx", Text{"Word document", "Word 文件"}, docx_type, "docx", Ways::out);
  add(html, "html", Text{"Page for printing, copied table", "列印用網頁、複製的表格"},
      "text/html; charset=utf-8", "html", Ways::both);
  add(markdown, "markdown", Text{"Markdown table", "Markdown 表格"}, "text/markdown; charset=utf-8",
      "md", Ways::both);
  add(moodle_json, "moodle-json", Text{"Moodle (web service)", "Moodle（網路服務）"}, json_type,
      "json", Ways::out);
  add(moodle_xml, "moodle-xml", Text{"Moodle (XML)", "Moodle（XML）"}, "application/xml", "xml",
      Ways::out);
  add(classroom_json, "classroom-json", Text{"Google Classroom (API)", "Google Classroom（API）"},
      json_type, "json", Ways::out);
  add(turnitin_xlsx, "turnitin-xlsx", Text{"Turnitin (Excel)", "Turnitin（Excel）"}, xlsx_type,
      "xlsx", Ways::out);
  add(case_json, "case-json", Text{"CASE (1EdTech)", "CASE（1EdTech）"}, json_type, "json",
      Ways::out);
  add(json, "json", Text{"Rubricon (JSON)", "Rubricon（JSON）"}, json_type, "json", Ways::both);
  add(tsv, "tsv", Text{"Copied cells (tab-separated)", "複製的儲存格（定位字元分隔）"},
      "text/tab-separated-values; charset=utf-8", "tsv", Ways::in);
  return all;
}

}  // namespace

std::span<const Format> all_formats() {
  static const auto all = make_formats();
  return all;
}

const Format& format_of(FormatId id) {
  const auto formats = all_formats();
  const auto it = std::ranges::find(formats, id, &Format::id);
  RUBRICON_ASSERT(it != formats.end());
  return *it;
}

const Format* find_format(std::string_view name) {
  const auto formats = all_formats();
  const auto it = std::ranges::find(formats, name, &Format::name);
  return it == formats.end() ? nullptr : &*it;
}

}  // namespace rubricon::formats
