#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/draft.hpp>
#include <rubricon/ai_rules/resolve.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

const Assistant& assistant() {
  static const Assistant the_assistant;
  return the_assistant;
}

domain::Rubric rubric_of(const char* type) {
  return draft(assistant().library(), *assistant().library().type(type), {});
}

std::string resolve(const domain::Rubric& rubric, const char* name) {
  const Resolver resolver(rubric, assistant().library(), assistant().rules());
  const auto found = resolver.one(assistant().rules().fold(name));
  if (found.found()) return found.id;
  return found.is_ambiguous ? "ambiguous" : "none";
}

TEST(Resolve, finds_rows_by_name_alias_position_beginning_and_likeness) {
  const auto rubric = rubric_of("argumentative_essay");
  EXPECT_EQ(resolve(rubric, "論點與立場"), "thesis");
  EXPECT_EQ(resolve(rubric, "THESIS"), "thesis");
  EXPECT_EQ(resolve(rubric, "論點"), "thesis");
  EXPECT_EQ(resolve(rubric, "「證據」這一項"), "evidence");
  EXPECT_EQ(resolve(rubric, "the evidence criterion"), "evidence");
  EXPECT_EQ(resolve(rubric, "第二項"), "evidence");
  EXPECT_EQ(resolve(rubric, "the third criterion"), "reasoning");
  EXPECT_EQ(resolve(rubric, "最後一項"), "structure_language");
  EXPECT_EQ(resolve(rubric, "反方觀點"), "counterargument");
  EXPECT_EQ(resolve(rubric, "第九項"), "none");
  EXPECT_EQ(resolve(rubric, "字跡"), "none");
}

TEST(Resolve, asks_where_two_rows_are_meant) {
  auto rubric = rubric_of("argumentative_essay");
  rubric.criteria[1].name = {"Use of sources", "資料運用"};
  rubric.criteria[2].name = {"Use of logic", "邏輯運用"};
  rubric.criteria[1].source = rubric.criteria[2].source = domain::CriterionSource::teacher;
  EXPECT_EQ(resolve(rubric, "運用"), "ambiguous");
  rubric.criteria[2].name = rubric.criteria[1].name;
  EXPECT_EQ(resolve(rubric, "資料運用"), "ambiguous");
}

TEST(Resolve, reads_lists_but_keeps_names_with_a_joint_whole) {
  const auto rubric = rubric_of("argumentative_essay");
  const Resolver resolver(rubric, assistant().library(), assistant().rules());
  const auto all = [&](const char* text) { return resolver.all(assistant().rules().fold(text)); };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(all("結構與語言"), Ids{"structure_language"});
  EXPECT_EQ(all("論點和證據"), (Ids{"thesis", "evidence"}));
  EXPECT_EQ(all("thesis, evidence and reasoning"), (Ids{"thesis", "evidence", "reasoning"}));
  EXPECT_EQ(all("論點和字跡"), Ids{});
  EXPECT_EQ(all("每一項").size(), 5u);
}

TEST(Resolve, knows_levels_and_rows_that_are_mentioned) {
  const auto rubric = rubric_of("argumentative_essay");
  const auto& rules = assistant().rules();
  EXPECT_EQ(level_named(rubric, rules, "良好"), 1u);
  EXPECT_EQ(level_named(rubric, rules, "exemplary"), 0u);
  EXPECT_EQ(level_named(rubric, rules, "最低等級"), 3u);
  EXPECT_EQ(level_named(rubric, rules, "超級"), std::nullopt);
  const auto mentioned = [&](const char* text) {
    return row_mentioned(rubric, assistant().library(), rules, rules.fold(text));
  };
  EXPECT_EQ(mentioned("反方觀點對八年級太難了"), "counterargument");
  EXPECT_EQ(mentioned("這樣太難了"), "");
}

TEST(ListParts, cut_at_joints_outside_quotes) {
  const auto parts = [](std::string_view text) {
    std::string out;
    for (const auto& part : list_parts(text)) {
      out += "[" + std::string(text.substr(part.begin, part.end - part.begin)) + "]";
    }
    return out;
  };
  EXPECT_EQ(parts("a, b and c"), "[a][b][c]");
  EXPECT_EQ(parts("優,良/可"), "[優][良][可]");
  EXPECT_EQ(parts("\"a and b\", c"), "[a and b][c]");
  EXPECT_EQ(parts(" , "), "");
}

}  // namespace
}  // namespace rubricon::ai_rules
