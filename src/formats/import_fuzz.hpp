/// What holds of every import: a rubric that comes of it parses; without one, a note says why. So
/// with hidden texts and without.
#pragma once

#include <rubricon/base/assert.hpp>
#include <rubricon/formats/import.hpp>

#include <string_view>

namespace rubricon::formats {

inline void check_import(std::string_view bytes, FormatId format) {
  for (const auto hidden : {HiddenTexts::left_out, HiddenTexts::kept}) {
    const auto preview = import_rubric(bytes, {.format = format, .hidden = hidden});
    if (preview.rubric) {
      RUBRICON_ASSERT(domain::parse_rubric(domain::to_json(*preview.rubric)).has_value());
    } else {
      RUBRICON_ASSERT(!preview.notes.empty());
    }
  }
}

}  // namespace rubricon::formats
