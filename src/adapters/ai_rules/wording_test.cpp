#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/wording.hpp>

#include <rubricon/domain/rubric.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

const Assistant& assistant() {
  static const Assistant the_assistant;
  return the_assistant;
}

TEST(LanguageOf, follows_the_message_and_not_quoted_names) {
  EXPECT_EQ(language_of("改成五級", Locale::en), Locale::zh_tw);
  EXPECT_EQ(language_of("make it 5 levels", Locale::zh_tw), Locale::en);
  EXPECT_EQ(language_of("Add 「創意」", Locale::zh_tw), Locale::en);
  EXPECT_EQ(language_of("把 thesis 改成 30%", Locale::en), Locale::zh_tw);
  EXPECT_EQ(language_of("「創意」", Locale::en), Locale::zh_tw);
  EXPECT_EQ(language_of("30%", Locale::en), Locale::en);
  EXPECT_EQ(language_of("30%", Locale::zh_tw), Locale::zh_tw);
}

TEST(Titles, name_grade_and_type_in_both_languages) {
  const auto& library = assistant().library();
  const auto title = [&](const char* type, std::optional<int> grade, const char* band) {
    const auto text = title_for(library, *library.type(type), grade, band);
    return text.zh_tw + " | " + text.en;
  };
  EXPECT_EQ(title("argumentative_essay", 8, ""),
            "八年級議論文評分規準 | Grade 8 argumentative essay rubric");
  EXPECT_EQ(title("lab_report", 10, ""), "高一實驗報告評分規準 | Grade 10 lab report rubric");
  EXPECT_EQ(title("essay", 14, ""), "大二作文評分規準 | University year 2 essay rubric");
  EXPECT_EQ(title("debate", {}, "junior_high"), "國中辯論評分規準 | Grades 7-9 debate rubric");
  EXPECT_EQ(title("poster", {}, ""), "海報評分規準 | Poster rubric");
}

/// Choices are sentences: what they carry must come back from reading them.
TEST(CreateSentence, is_read_back_to_the_same_wishes) {
  const auto& library = assistant().library();
  for (const auto& type : library.types()) {
    for (const auto locale : {Locale::zh_tw, Locale::en}) {
      for (const auto& facts :
           {Facts{}, Facts{.grade = 8, .levels = 5, .total = domain::Amount::whole(60)},
            Facts{.band = "lower_primary", .levels = 3}, Facts{.grade = 13},
            Facts{.band = "higher_ed",
                  .total = domain::Amount::whole(25),
                  .language = "bilingual"}}) {
        const auto sentence = create_sentence(library, type, facts, locale);
        const auto answer = assistant().respond({.message = sentence});
        ASSERT_TRUE(answer.rubric.has_value()) << sentence << "\n" << answer.text;
        const auto rubric = domain::parse_rubric(*answer.rubric).value();
        EXPECT_EQ(rubric.assignment_type, type.id) << sentence;
        EXPECT_EQ(rubric.grade, facts.grade) << sentence;
        if (!facts.grade && !facts.band.empty())
          EXPECT_EQ(rubric.grade_band, facts.band) << sentence;
        EXPECT_EQ(rubric.levels.size(), static_cast<std::size_t>(facts.levels.value_or(4)));
        EXPECT_EQ(rubric.total, facts.total.value_or(domain::Amount::whole(100))) << sentence;
        if (!facts.language.empty()) EXPECT_EQ(to_string(rubric.language), facts.language);
      }
    }
  }
}

TEST(Words, are_joined_as_each_language_does) {
  EXPECT_EQ(join({"a", "b"}, Locale::zh_tw), "a、b");
  EXPECT_EQ(join({"a", "b"}, Locale::en), "a, b");
  EXPECT_EQ(quoted("x", Locale::zh_tw), "「x」");
  EXPECT_EQ(count_en(1, "row", "rows"), "1 row");
}

}  // namespace
}  // namespace rubricon::ai_rules
