/// How tests look at what an import says.
#pragma once

#include <rubricon/formats/preview.hpp>

#include <string>

namespace rubricon::formats {

/// "too_long@3:5 no_table ": the codes with row and column, each behind a blank.
inline std::string codes(const Preview& preview) {
  std::string out;
  for (const auto& note : preview.notes) {
    out += note.code;
    if (note.place.row > 0) out += "@" + std::to_string(note.place.row);
    if (note.place.column > 0) out += ":" + std::to_string(note.place.column);
    if (!note.place.path.empty()) out += "@" + note.place.path;
    out += " ";
  }
  return out;
}

}  // namespace rubricon::formats
