/// What is different between two versions of a rubric, in words.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <string>
#include <vector>

namespace rubricon::ai_rules {

/// One line a difference, at most `lines_max`, the last one counting the rest. Empty: nothing that
/// is shown differs.
std::vector<std::string> compare(const domain::Rubric& before, const domain::Rubric& after,
                                 domain::Locale locale, std::size_t lines_max);

}  // namespace rubricon::ai_rules
