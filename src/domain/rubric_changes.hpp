/// What one version of a rubric changed, in a line: counts of places, not the places themselves.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace rubricon::domain {

struct RubricChanges {
  std::size_t cells = 0;    ///< descriptors of rows and levels that both have
  std::size_t weights = 0;  ///< of rows that both have
  std::size_t names = 0;    ///< title, names and focuses of rows, names of levels
  std::size_t criteria_added = 0;
  std::size_t criteria_removed = 0;
  std::size_t levels_added = 0;
  std::size_t levels_removed = 0;
  std::size_t locks = 0;     ///< of rows and cells
  std::size_t settings = 0;  ///< total, language, kind, type, grade, order of rows or levels

  bool operator==(const RubricChanges&) const = default;
};

RubricChanges changes_between(const Rubric& before, const Rubric& after);

/// 16 hexadecimal digits, equal where two stored documents are. A mark to recognise a document by
/// again, not one that nobody could forge.
std::string document_digest(std::string_view document);

}  // namespace rubricon::domain
