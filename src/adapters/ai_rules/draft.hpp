/// New documents and rows out of the library.
#pragma once

#include <rubricon/ai_rules/library.hpp>
#include <rubricon/ai_rules/rules.hpp>
#include <rubricon/ai_rules/wording.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::ai_rules {

struct DraftWishes {
  std::optional<int> grade;
  std::string band;  ///< where no grade is known
  std::size_t levels = 4;
  domain::Amount total = domain::Amount::whole(100);
  domain::RubricLanguage language = domain::RubricLanguage::zh_tw;
};

/// The type's template for these wishes, complete and with computed points. `levels` is 2..6.
domain::Rubric draft(const Library& library, const AssignmentType& type, const DraftWishes& wishes);

/// A row from the library with the rubric's levels, under `id`, weighing nothing yet.
domain::Criterion library_row(const Library& library, const LibraryCriterion& from, std::string id,
                              const domain::Rubric& rubric);

/// A row of the teacher's: a name and empty cells.
domain::Criterion own_row(const std::string& name, Locale locale, const domain::Rubric& rubric);

/// A library criterion that a name stands for, and the id its row gets in `rubric`.
struct LibraryFind {
  const LibraryCriterion* criterion = nullptr;
  std::string id;
  const AssignmentType* borrowed_from = nullptr;  ///< nullptr: own type's or optional
};

/// The rubric's own type first, then optional criteria, then other types; by exact name or alias.
std::optional<LibraryFind> find_in_library(const Library& library, const Rules& rules,
                                           const domain::Rubric& rubric, std::string_view folded);

}  // namespace rubricon::ai_rules
