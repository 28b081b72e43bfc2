/// Which texts of a bilingual document a file shows.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::formats {

enum class Language { en, zh_tw, both };

/// Wire spellings: "en", "zh-TW", "both".
const char* to_string(Language language) noexcept;
std::optional<Language> parse_language(std::string_view text);

/// What the document says of itself.
Language language_of(const domain::Rubric& rubric);

/// The text in that language, else in the one it has. Both: Chinese, `between`, English; once
/// where they are the same.
std::string text_in(const domain::LocalText& text, Language language, std::string_view between);

/// Between the two languages of a name, which stays on one line.
inline constexpr std::string_view name_between = " / ";

}  // namespace rubricon::formats
