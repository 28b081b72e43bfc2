/// The built-in rubric library (rubric/rubric_knowledge.json): assignment types, their criteria and
/// descriptors in both languages, scales, grade bands and what makes a descriptor vague.
#pragma once

#include <rubricon/ai_rules/normalise.hpp>
#include <rubricon/domain/rubric_check.hpp>
#include <rubricon/domain/rubric_edit.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

/// A criterion for the four base levels, best first.
struct LibraryCriterion {
  std::string id;
  domain::Amount weight;  ///< zero for optional criteria
  domain::LocalText name;
  domain::LocalText focus;
  std::vector<std::string> aliases;  ///< both languages, folded
  std::array<domain::LocalText, 4> texts;
  std::array<domain::LocalText, 4> short_texts;  ///< for grades 1-4; empty where there are none

  /// The texts that fit a grade band ("" = any).
  const std::array<domain::LocalText, 4>& texts_for(std::string_view band) const;
};

struct AssignmentType {
  std::string id;
  domain::LocalText name;
  domain::LocalText title_name;      ///< as it reads in a title: 議論文, "argumentative essay"
  std::vector<std::string> aliases;  ///< both languages, folded
  std::vector<LibraryCriterion> criteria;
};

struct GradeBand {
  std::string id;
  domain::LocalText name;
  std::size_t words_en_max = 0;
  std::size_t characters_zh_max = 0;
};

/// Immutable; safe from any thread.
class Library {
 public:
  /// `json` is rubric_knowledge.json; names are folded with `script`. A file that does not fit is a
  /// bug of the build and stops the process.
  Library(std::string_view json, const ScriptTable& script);

  const std::vector<AssignmentType>& types() const { return types_; }
  const std::vector<LibraryCriterion>& optional_criteria() const { return optional_; }
  /// nullptr for an id that is not in the library.
  const AssignmentType* type(std::string_view id) const;
  const GradeBand* band(std::string_view id) const;

  /// The library's criterion behind row `id` of a rubric of `type_id`: the type's own, an optional
  /// one, or one borrowed from another type ("oral_presentation-visuals"). nullptr: the teacher's.
  const LibraryCriterion* criterion(std::string_view type_id, std::string_view id) const;

  /// Names of the levels of a scale of `count` levels, 2..6, best first.
  const std::vector<domain::LocalText>& level_names(std::size_t count) const;
  /// What `domain::set_levels` needs to give `rubric` a scale of `count` levels, 2..6.
  domain::LevelScheme scheme(const domain::Rubric& rubric, std::size_t count) const;
  domain::RubricCheckRules check_rules(const domain::Rubric& rubric) const;

 private:
  std::vector<AssignmentType> types_;
  std::vector<LibraryCriterion> optional_;
  std::vector<GradeBand> bands_;
  std::array<std::vector<domain::LocalText>, 5> level_names_;
  domain::LocalText between_;
  domain::RubricCheckRules check_;
};

inline constexpr std::size_t scale_levels_min = 2;
inline constexpr std::size_t scale_levels_max = 6;

}  // namespace rubricon::ai_rules
