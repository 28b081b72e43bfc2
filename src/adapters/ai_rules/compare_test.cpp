#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/compare.hpp>
#include <rubricon/ai_rules/draft.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

using domain::Locale;
using Lines = std::vector<std::string>;

domain::Rubric rubric() {
  static const Assistant assistant;
  return draft(assistant.library(), *assistant.library().type("argumentative_essay"), {.grade = 8});
}

TEST(Compare, says_nothing_about_equal_versions) {
  EXPECT_EQ(compare(rubric(), rubric(), Locale::en, 8), Lines{});
}

TEST(Compare, names_each_difference) {
  auto after = rubric();
  after.total = domain::Amount::whole(50);
  after.levels[0].name = {"Gold", "金"};
  after.criteria[0].name = {"Claim", "主張"};
  after.criteria[0].weight = domain::Amount::whole(30);
  after.criteria[0].cells[1].descriptor = {"x", "x"};
  after.criteria.pop_back();
  EXPECT_EQ(compare(rubric(), after, Locale::en, 8),
            (Lines{"total 100 → 50", "level “Exemplary” → “Gold”",
                   "removed “Structure and language”", "“Thesis and position” is called “Claim”",
                   "“Claim”: 25 % → 30 %", "“Claim”: 1 description changed"}));
  EXPECT_EQ(compare(after, rubric(), Locale::zh_tw, 3),
            (Lines{"總分 50 → 100", "等級「金」 → 「優異」", "另有 4 處"}));
}

TEST(Compare, sees_order_levels_and_language) {
  auto after = rubric();
  std::swap(after.criteria[0], after.criteria[1]);
  EXPECT_EQ(compare(rubric(), after, Locale::en, 8), Lines{"another order of criteria"});
  after = rubric();
  after.levels.pop_back();
  after.language = domain::RubricLanguage::en;
  EXPECT_EQ(compare(rubric(), after, Locale::en, 8), (Lines{"the language shown", "levels 4 → 3"}));
}

}  // namespace
}  // namespace rubricon::ai_rules
