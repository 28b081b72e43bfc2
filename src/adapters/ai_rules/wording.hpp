/// Small pieces of the assistant's two languages.
#pragma once

#include <rubricon/ai_rules/library.hpp>
#include <rubricon/ai_rules/rules.hpp>
#include <rubricon/domain/user.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

using domain::Locale;

/// The language a message is written in: Chinese characters against Latin words, quoted names left
/// out. `fallback` where it has neither ("30%").
Locale language_of(std::string_view message, Locale fallback);

/// "八年級", "高一", "大二"; "Grade 8", "University year 2".
std::string grade_label(int grade, Locale locale);
/// Of a grade, else of a band; empty where neither is known.
std::string audience_label(const Library& library, std::optional<int> grade, std::string_view band,
                           Locale locale);
/// 八年級議論文評分規準; "Grade 8 argumentative essay rubric".
domain::LocalText title_for(const Library& library, const AssignmentType& type,
                            std::optional<int> grade, std::string_view band);

/// What is wanted of a new rubric, in a sentence that the assistant reads back to the same wishes.
std::string create_sentence(const Library& library, const AssignmentType& type, const Facts& facts,
                            Locale locale);

/// 「A」、「B」 or “A”, “B”; plain joins the same without quotes.
std::string quoted(std::string_view name, Locale locale);
std::string join(const std::vector<std::string>& parts, Locale locale);

/// "5 criteria", "1 criterion".
std::string count_en(std::size_t n, std::string_view one, std::string_view many);

}  // namespace rubricon::ai_rules
