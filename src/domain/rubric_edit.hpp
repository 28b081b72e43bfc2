/// Changes of a rubric document. Each function takes the document by value and gives back the new
/// one, with the invariants of rubric.hpp and points recomputed; ids of what stays are kept, and
/// after every edit of weights or rows the weights sum to 100, whatever they did before. A refusal
/// is `invalid` (or not_found/"unknown_criterion" for an id that is not there) with the reason
/// named at the function, and nothing has changed.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::domain {

struct WeightChange {
  std::string criterion_id;
  Amount weight;
};

/// Gives the named criteria these weights, all at once; the other rows that are not locked share
/// what is left in their old proportion, in whole percents (finer only where what is left is).
/// Refusals: "over_100" (together with locked rows more than 100), "under_100" (nothing is left to
/// take the rest), "locked" (a named row is locked), "duplicate" (a row is named twice).
base::Result<Rubric> set_weights(Rubric rubric, const std::vector<WeightChange>& changes);

/// Every row that is not locked weighs the same, to one percent. Refusal: "over_100".
base::Result<Rubric> set_weights_equal(Rubric rubric);

/// Refusal: "out_of_range" unless 0 < total <= 10,000.
base::Result<Rubric> set_total(Rubric rubric, Amount total);

/// What the library knows about a scale of `names.size()` levels.
struct LevelScheme {
  std::vector<LocalText> names;  ///< best first
  /// Descriptors of library criteria by criterion id, for the base levels 4, 3, 2, 1.
  std::map<std::string, std::array<LocalText, 4>, std::less<>> library;
  LocalText between;  ///< template with {upper} and {lower}
  /// Names that are the library's own for the present number of levels; others are the teacher's
  /// and stay with their level.
  std::vector<LocalText> names_before;
};

/// Changes the number of levels. A level that stands for the same height keeps id, name and texts
/// (4 of 4, 5 of 5 …). A new height takes the library's text, or, where the teacher wrote a
/// neighbour, one put together from both neighbours and marked `between`; at the ends nothing is
/// invented: the cell is empty. Refusal: "out_of_range" unless 2..10 names.
base::Result<Rubric> set_levels(Rubric rubric, const LevelScheme& scheme);

/// New names, best first. Refusals: "level_count" (not one a level), "empty", "too_long".
base::Result<Rubric> rename_levels(Rubric rubric, const std::vector<LocalText>& names);

/// Appends `criterion`, whose cells are in the order of the levels, with its weight taken in
/// proportion from rows that are not locked. The id is made unique.
/// Refusals: "too_many" (50 rows), "over_100" (locked rows leave no room), "cells".
base::Result<Rubric> add_criterion(Rubric rubric, Criterion criterion);

/// The others grow in proportion. Refusals: "last_criterion", "under_100" (all others are locked).
base::Result<Rubric> remove_criterion(Rubric rubric, std::string_view id);

/// Replaces the name in the languages that `name` has; the other language is dropped, since it
/// would name something else. Refusals: "empty", "too_long".
base::Result<Rubric> rename_criterion(Rubric rubric, std::string_view id, LocalText name);

/// To position `index` (0 = top); past the end means the end.
base::Result<Rubric> move_criterion(Rubric rubric, std::string_view id, std::size_t index);

/// The teacher's own words for one cell (level 0 = best). Refusals: "out_of_range", "too_long".
base::Result<Rubric> set_descriptor(Rubric rubric, std::string_view id, std::size_t level,
                                    LocalText text);

/// Which languages are shown. Loses nothing: texts keep both languages where they have them.
Rubric set_language(Rubric rubric, RubricLanguage language);

/// Where level `index` of `count` stands on the scale of the four base levels, times 100: 4 levels
/// are 400, 300, 200, 100; 5 are 400, 350, 300, 200, 100; 3 are 400, 300, 200; 2 are 300, 200.
int level_height(std::size_t index, std::size_t count);

}  // namespace rubricon::domain
