#include <rubricon/formats/language.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(Language, falls_back_to_what_is_written) {
  const domain::LocalText both{.en = "Thesis", .zh_tw = "論點"};
  EXPECT_EQ(text_in(both, Language::en, " / "), "Thesis");
  EXPECT_EQ(text_in(both, Language::zh_tw, " / "), "論點");
  EXPECT_EQ(text_in(both, Language::both, " / "), "論點 / Thesis");
  EXPECT_EQ(text_in({.en = "Thesis", .zh_tw = {}}, Language::zh_tw, " / "), "Thesis");
  EXPECT_EQ(text_in({.en = {}, .zh_tw = "論點"}, Language::both, " / "), "論點");
  EXPECT_EQ(text_in({.en = "APA", .zh_tw = "APA"}, Language::both, " / "), "APA");
}

TEST(Language, has_one_spelling_each) {
  for (const auto language : {Language::en, Language::zh_tw, Language::both}) {
    EXPECT_EQ(parse_language(to_string(language)), language);
  }
  EXPECT_EQ(parse_language("zh"), std::nullopt);
  domain::Rubric rubric;
  rubric.language = domain::RubricLanguage::bilingual;
  EXPECT_EQ(language_of(rubric), Language::both);
}

}  // namespace
}  // namespace rubricon::formats
