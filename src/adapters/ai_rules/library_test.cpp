// The library as it is shipped.
#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/draft.hpp>
#include <rubricon/ai_rules/library.hpp>
#include <rubricon/ai_rules/rules.hpp>

#include <gtest/gtest.h>

#include <set>

namespace rubricon::ai_rules {
namespace {

const Assistant& assistant() {
  static const Assistant the_assistant;
  return the_assistant;
}

TEST(Library, has_18_types_whose_weights_sum_to_100_and_6_optional_criteria) {
  const auto& library = assistant().library();
  EXPECT_EQ(library.types().size(), 18u);
  EXPECT_EQ(library.optional_criteria().size(), 6u);
  std::set<std::string> ids;
  for (const auto& type : library.types()) {
    EXPECT_TRUE(ids.insert(type.id).second) << type.id;
    domain::Amount sum;
    for (const auto& criterion : type.criteria) {
      sum = sum + criterion.weight;
      EXPECT_FALSE(criterion.aliases.empty()) << type.id << " " << criterion.id;
    }
    EXPECT_EQ(sum, domain::Amount::whole(100)) << type.id;
    EXPECT_FALSE(type.title_name.en.empty());
    EXPECT_FALSE(type.title_name.zh_tw.empty());
  }
}

TEST(Library, has_templates_without_anything_to_remark_for_every_scale) {
  const auto& library = assistant().library();
  for (const auto& type : library.types()) {
    for (std::size_t levels = scale_levels_min; levels <= scale_levels_max; ++levels) {
      const auto rubric =
          draft(library, type,
                {.grade = 11, .levels = levels, .language = domain::RubricLanguage::bilingual});
      EXPECT_EQ(rubric.levels.size(), levels);
      for (const auto& finding : domain::validate(rubric, library.check_rules(rubric))) {
        EXPECT_EQ(finding.code, "between_wording") << type.id << ": " << finding.message.en;
      }
    }
  }
}

TEST(Library, has_texts_short_enough_for_grades_1_to_4_where_it_has_short_ones) {
  const auto& library = assistant().library();
  std::size_t with_short = 0;
  for (const auto& type : library.types()) {
    if (type.criteria[0].short_texts[0].empty()) continue;
    ++with_short;
    for (const int grade : {1, 3}) {
      const auto rubric =
          draft(library, type, {.grade = grade, .language = domain::RubricLanguage::bilingual});
      const auto findings = domain::validate(rubric, library.check_rules(rubric));
      EXPECT_TRUE(findings.empty()) << type.id << ": " << findings[0].message.en;
    }
  }
  EXPECT_GE(with_short, 11u);
}

TEST(Library, finds_rows_of_the_type_optional_ones_and_borrowed_ones) {
  const auto& library = assistant().library();
  EXPECT_NE(library.criterion("argumentative_essay", "thesis"), nullptr);
  EXPECT_NE(library.criterion("argumentative_essay", "creativity"), nullptr);
  EXPECT_NE(library.criterion("argumentative_essay", "oral_presentation-visuals"), nullptr);
  EXPECT_EQ(library.criterion("argumentative_essay", "visuals"), nullptr);
  EXPECT_EQ(library.criterion("", "no-such"), nullptr);
  EXPECT_EQ(library.type("no_such"), nullptr);
  EXPECT_EQ(library.band("no_such"), nullptr);
}

TEST(Draft, makes_ids_and_cells_that_parse_and_come_back) {
  const auto& library = assistant().library();
  for (const auto& type : library.types()) {
    const auto rubric = draft(library, type, {.grade = 8, .levels = 5});
    const auto again = domain::parse_rubric(domain::to_json(rubric));
    ASSERT_TRUE(again.has_value()) << type.id;
    EXPECT_EQ(*again, rubric) << type.id;
  }
}

TEST(Draft, gives_rows_the_levels_of_the_table) {
  const auto& library = assistant().library();
  const auto rubric = draft(library, *library.type("essay"), {.levels = 3});
  const auto row = library_row(library, library.optional_criteria()[0], "creativity", rubric);
  ASSERT_EQ(row.cells.size(), 3u);
  EXPECT_EQ(row.cells[0].descriptor, library.optional_criteria()[0].texts[0]);
  EXPECT_EQ(row.cells[2].level_id, rubric.levels[2].id);
  const auto own = own_row("字跡", Locale::zh_tw, rubric);
  EXPECT_TRUE(own.cells[0].descriptor.empty());
  auto wide = rubric;
  wide.levels.resize(9, {"x", {"x", "x"}});
  EXPECT_EQ(library_row(library, library.optional_criteria()[0], "c", wide).cells.size(), 9u);
}

TEST(Draft, finds_names_in_the_own_type_before_others) {
  const auto& library = assistant().library();
  const auto rubric = draft(library, *library.type("essay"), {});
  const auto find = [&](const char* name) {
    const auto found =
        find_in_library(library, assistant().rules(), rubric, assistant().rules().fold(name));
    return found ? found->id : "";
  };
  EXPECT_EQ(find("組織結構"), "organization");
  EXPECT_EQ(find("Citation"), "citation");
  EXPECT_EQ(find("視覺輔助"), "oral_presentation-visuals");
  EXPECT_EQ(find("字跡工整度"), "");
}

}  // namespace
}  // namespace rubricon::ai_rules
