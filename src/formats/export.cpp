#include <rubricon/formats/export.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/formats/canvas_csv.hpp>
#include <rubricon/formats/case_json.hpp>
#include <rubricon/formats/classroom.hpp>
#include <rubricon/formats/docx.hpp>
#include <rubricon/formats/excel_csv.hpp>
#include <rubricon/formats/export_limits.hpp>
#include <rubricon/formats/file_name.hpp>
#include <rubricon/formats/html.hpp>
#include <rubricon/formats/markdown.hpp>
#include <rubricon/formats/moodle.hpp>
#include <rubricon/formats/turnitin.hpp>
#include <rubricon/formats/xlsx.hpp>

namespace rubricon::formats {
namespace {

std::string write(const domain::Rubric& rubric, FormatId id, const ExportOptions& options) {
  const auto language = options.language;
  switch (id) {
    case FormatId::canvas_csv: return write_canvas_csv(rubric, language);
    case FormatId::csv: return write_excel_csv(rubric, language);
    case FormatId::xlsx: return write_xlsx(rubric, language);
    case FormatId::docx: return write_docx(rubric, language);
    case FormatId::html: return write_html(rubric, language);
    case FormatId::markdown: return write_markdown(rubric, language);
    case FormatId::moodle_json: return write_moodle_json(rubric, language, options.changed_at);
    case FormatId::moodle_xml: return write_moodle_xml(rubric, language);
    case FormatId::classroom_json: return write_classroom_json(rubric, language);
    case FormatId::turnitin_xlsx: return write_turnitin_xlsx(rubric, language);
    case FormatId::case_json: return write_case_json(rubric, language, options.changed_at);
    case FormatId::json: return domain::to_json(rubric) + "\n";
    case FormatId::tsv: break;
  }
  base::assertion_failed("a format that can be exported", __FILE__, __LINE__);
}

}  // namespace

Exported export_rubric(const domain::Rubric& rubric, const Format& format,
                       const ExportOptions& options) {
  RUBRICON_ASSERT(format.can_export);
  return {.bytes = write(rubric, format.id, options),
          .file_name = file_name(text_in(rubric.title, options.language, " "), format.extension),
          .warnings = export_warnings(rubric, format.id, options.language)};
}

}  // namespace rubricon::formats
