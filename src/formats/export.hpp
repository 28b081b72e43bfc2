/// A rubric document on its way out.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/formats/format.hpp>
#include <rubricon/formats/language.hpp>
#include <rubricon/formats/note.hpp>

#include <string>
#include <vector>

namespace rubricon::formats {

struct ExportOptions {
  Language language = Language::both;
  base::Time changed_at;  ///< when this version was stored; formats with a date show it
};

struct Exported {
  std::string bytes;
  std::string file_name;
  /// What the format cannot hold, or its program will refuse. The file is made all the same.
  std::vector<Note> warnings;
};

/// `format.can_export`. The rubric keeps the domain's invariants.
Exported export_rubric(const domain::Rubric& rubric, const Format& format,
                       const ExportOptions& options);

}  // namespace rubricon::formats
