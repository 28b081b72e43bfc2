#include <rubricon/ai_rules/wording.hpp>

#include <rubricon/ai_rules/normalise.hpp>

#include <fmt/format.h>

#include <array>

namespace rubricon::ai_rules {
namespace {

bool is_cjk(char32_t c) {
  return (c >= 0x3400 && c < 0xa000) || (c >= 0x20000 && c < 0x30000);
}

bool is_latin(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

struct Letters {
  std::size_t cjk = 0;
  std::size_t words = 0;
};

Letters count_letters(std::u32string_view text, bool with_quoted) {
  Letters out;
  bool quoted = false;
  bool in_word = false;
  for (const char32_t c : text) {
    if (c == U'「' || c == U'『' || c == U'“') quoted = true;
    if (c == U'」' || c == U'』' || c == U'”') quoted = false;
    const bool counts = with_quoted || !quoted;
    if (counts && is_cjk(c)) ++out.cjk;
    if (counts && is_latin(c) && !in_word) ++out.words;
    in_word = is_latin(c);
  }
  return out;
}

std::string grade_zh(int grade) {
  static constexpr std::array<const char*, 16> labels = {
      "一年級", "二年級", "三年級", "四年級", "五年級", "六年級", "七年級", "八年級",
      "九年級", "高一",   "高二",   "高三",   "大一",   "大二",   "大三",   "大四"};
  return labels[static_cast<std::size_t>(grade - 1)];
}

}  // namespace

Locale language_of(std::string_view message, Locale fallback) {
  const auto text = decode(message);
  auto letters = count_letters(text, false);
  if (letters.cjk + letters.words == 0) letters = count_letters(text, true);
  if (letters.cjk + letters.words == 0) return fallback;
  return letters.cjk >= letters.words ? Locale::zh_tw : Locale::en;
}

std::string grade_label(int grade, Locale locale) {
  if (grade < 1 || grade > 16) return {};
  if (locale == Locale::zh_tw) return grade_zh(grade);
  if (grade > 12) return fmt::format("University year {}", grade - 12);
  return fmt::format("Grade {}", grade);
}

std::string audience_label(const Library& library, std::optional<int> grade, std::string_view band,
                           Locale locale) {
  if (grade) return grade_label(*grade, locale);
  const auto* known = library.band(band);
  return known == nullptr ? std::string() : known->name.in(locale);
}

domain::LocalText title_for(const Library& library, const AssignmentType& type,
                            std::optional<int> grade, std::string_view band) {
  domain::LocalText out;
  out.zh_tw =
      audience_label(library, grade, band, Locale::zh_tw) + type.title_name.zh_tw + "評分規準";
  const auto audience = audience_label(library, grade, band, Locale::en);
  out.en = audience.empty() ? type.title_name.en : audience + " " + type.title_name.en;
  if (out.en[0] >= 'a' && out.en[0] <= 'z') out.en[0] = static_cast<char>(out.en[0] - 'a' + 'A');
  out.en += " rubric";
  return out;
}

std::string create_sentence(const Library& library, const AssignmentType& type, const Facts& facts,
                            Locale locale) {
  const auto audience = audience_label(library, facts.grade, facts.band, locale);
  if (locale == Locale::zh_tw) {
    auto out =
        "請為" + (audience.empty() ? "" : audience + "的") + type.title_name.zh_tw + "設計評分規準";
    if (facts.criteria_count) out += fmt::format("，{} 項規準", *facts.criteria_count);
    if (facts.levels) out += fmt::format("，{} 個等級", *facts.levels);
    if (facts.total) out += "，總分 " + to_string(*facts.total);
    if (facts.language == "bilingual") out += "，中英對照";
    if (facts.language == "en") out += "，英文版";
    return out;
  }
  std::string out = "Please design a rubric for ";
  if (facts.grade) {
    out += audience[0] == 'G' ? "a grade" + audience.substr(5) + " "
                              : "a university" + audience.substr(10) + " ";
  }
  if (!facts.grade) out += std::string("aeiou").contains(type.title_name.en[0]) ? "an " : "a ";
  out += type.title_name.en;
  if (!facts.grade && !audience.empty()) out += " (" + audience + ")";
  if (facts.criteria_count) out += ", " + count_en(*facts.criteria_count, "criterion", "criteria");
  if (facts.levels) out += fmt::format(", {} levels", *facts.levels);
  if (facts.total) out += ", " + to_string(*facts.total) + " points in total";
  if (facts.language == "bilingual") out += ", bilingual";
  if (facts.language == "zh-TW") out += ", in Chinese";
  return out;
}

std::string quoted(std::string_view name, Locale locale) {
  return locale == Locale::zh_tw ? fmt::format("「{}」", name) : fmt::format("“{}”", name);
}

std::string join(const std::vector<std::string>& parts, Locale locale) {
  return fmt::format("{}", fmt::join(parts, locale == Locale::zh_tw ? "、" : ", "));
}

std::string count_en(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

}  // namespace rubricon::ai_rules
