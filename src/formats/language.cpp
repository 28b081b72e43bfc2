#include <rubricon/formats/language.hpp>

#include <rubricon/base/assert.hpp>

namespace rubricon::formats {

const char* to_string(Language language) noexcept {
  switch (language) {
    case Language::en: return "en";
    case Language::zh_tw: return "zh-TW";
    case Language::both: return "both";
  }
  base::assertion_failed("a known Language", __FILE__, __LINE__);
}

std::optional<Language> parse_language(std::string_view text) {
  for (const auto language : {Language::en, Language::zh_tw, Language::both}) {
    if (text == to_string(language)) return language;
  }
  return std::nullopt;
}

Language language_of(const domain::Rubric& rubric) {
  switch (rubric.language) {
    case domain::RubricLanguage::en: return Language::en;
    case domain::RubricLanguage::zh_tw: return Language::zh_tw;
    case domain::RubricLanguage::bilingual: return Language::both;
  }
  base::assertion_failed("a known RubricLanguage", __FILE__, __LINE__);
}

std::string text_in(const domain::LocalText& text, Language language, std::string_view between) {
  if (language == Language::en) return text.in(domain::Locale::en);
  if (language == Language::zh_tw) return text.in(domain::Locale::zh_tw);
  if (text.en.empty() || text.en == text.zh_tw) return text.zh_tw;
  if (text.zh_tw.empty()) return text.en;
  return text.zh_tw + std::string(between) + text.en;
}

}  // namespace rubricon::formats
