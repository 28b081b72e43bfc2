/// Which kind of assignment a message is about.
#pragma once

#include <rubricon/ai_rules/library.hpp>

#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

struct TypeDetection {
  const AssignmentType* type = nullptr;  ///< nullptr: none, or several equally likely
  /// Up to three to ask with, likeliest first; never empty when `type` is nullptr.
  std::vector<const AssignmentType*> candidates;
  bool is_tie = false;  ///< several were named, as opposed to none
};

/// Score = twice the longest alias that occurs + the number of others; an alias inside a longer one
/// does not count, so "persuasive essay" is not also an essay. `folded` is normalised text.
TypeDetection detect_type(const Library& library, std::string_view folded);

}  // namespace rubricon::ai_rules
