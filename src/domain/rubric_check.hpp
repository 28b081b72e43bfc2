/// What a careful colleague would remark about a rubric before it is used.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <string>
#include <vector>

namespace rubricon::domain {

/// One remark, in both languages. `fix_label` and `fix_command` are empty where no command can mend
/// it; otherwise the command is a sentence that the rule-based assistant understands.
struct RubricFinding {
  std::string code;
  LocalText message;
  LocalText fix_label;
  LocalText fix_command;
  std::string criterion_id;  ///< empty: the whole document
  std::string level_id;      ///< empty: the whole row

  bool operator==(const RubricFinding&) const = default;
};

/// What the check needs from the library. Words are compared in lower case, English ones whole;
/// a vague word inside one of the `exact_terms` (有效 in 有效數字) is not vague.
struct RubricCheckRules {
  std::vector<std::string> vague_en;
  std::vector<std::string> vague_zh;
  std::vector<std::string> exact_terms;
  std::size_t words_en_max = 0;       ///< of a descriptor; 0 = no limit
  std::size_t characters_zh_max = 0;  ///< of a descriptor; 0 = no limit
};

inline constexpr std::size_t rubric_findings_max = 100;

/// Findings in the order of the table, at most 100. Codes: weights_not_100, points_not_total,
/// points_not_falling, weight_zero, weight_over_50, many_criteria, few_criteria, duplicate_name,
/// empty_descriptor, between_wording, duplicate_descriptor, vague_word, too_long_for_grade,
/// missing_language.
std::vector<RubricFinding> validate(const Rubric& rubric, const RubricCheckRules& rules);

}  // namespace rubricon::domain
