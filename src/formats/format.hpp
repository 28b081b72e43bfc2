/// The formats there are, in the order in which they are offered.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <span>
#include <string_view>

namespace rubricon::formats {

enum class FormatId {
  canvas_csv,
  csv,
  xlsx,
  docx,
  html,
  markdown,
  moodle_json,
  moodle_xml,
  classroom_json,
  turnitin_xlsx,
  case_json,
  json,
  tsv,
};

struct Format {
  FormatId id;
  std::string_view name;  ///< on the wire and on the command line: "canvas-csv"
  domain::LocalText label;
  std::string_view media_type;
  std::string_view extension;  ///< without dot
  bool can_export = false;
  bool can_import = false;
};

std::span<const Format> all_formats();
const Format& format_of(FormatId id);
/// nullptr where there is none of that name.
const Format* find_format(std::string_view name);

}  // namespace rubricon::formats
