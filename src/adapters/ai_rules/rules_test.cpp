#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/patterns.hpp>
#include <rubricon/ai_rules/rules.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

const Rules& rules() {
  static const Assistant the_assistant;
  return the_assistant.rules();
}

TEST(Rules, read_facts_of_a_new_rubric) {
  const auto facts =
      rules().facts(rules().fold("國二議論文，五個等級，總分一百，4 項規準，中英對照"));
  EXPECT_EQ(facts.grade, 8);
  EXPECT_EQ(facts.levels, 5);
  EXPECT_EQ(facts.total, domain::Amount::whole(100));
  EXPECT_EQ(facts.criteria_count, 4);
  EXPECT_EQ(facts.language, "bilingual");
}

TEST(Rules, read_grades_as_schools_name_them) {
  const struct {
    const char* text;
    int grade;
  } cases[] = {{"八年級", 8},
               {"國小五年級", 5},
               {"小三", 3},
               {"國中三年級", 9},
               {"高二", 11},
               {"高中一年級", 10},
               {"大四", 16},
               {"初二", 8},
               {"grade 8", 8},
               {"8th grade", 8},
               {"eighth graders", 8},
               {"Year 10", 10},
               {"grades 6 to 7", 6},
               {"university year 2", 14},
               {"G7", 7}};
  for (const auto& [text, grade] : cases) {
    EXPECT_EQ(rules().facts(rules().fold(text)).grade, grade) << text;
  }
  for (const auto* text : {"大一點", "最高一級", "20 年級", "grade the essay"}) {
    EXPECT_EQ(rules().facts(rules().fold(text)).grade, std::nullopt) << text;
  }
}

TEST(Rules, say_where_a_band_is_their_own_reading) {
  EXPECT_EQ(rules().facts("國中").band, "junior_high");
  EXPECT_FALSE(rules().facts("國中").band_assumed);
  EXPECT_TRUE(rules().facts("國小").band_assumed);
  EXPECT_EQ(rules().facts("國小低年級").band, "lower_primary");
  EXPECT_EQ(rules().facts(rules().fold("七到九年級")).band, "junior_high");
  EXPECT_EQ(rules().facts("grades 1-2").band, "lower_primary");
}

TEST(Rules, strip_courtesies_but_never_all) {
  const auto stripped = [](const char* typed) {
    const auto text = rules().fold(typed);
    const auto span = rules().strip(text);
    return text.substr(span.begin, span.end - span.begin);
  };
  EXPECT_EQ(stripped("麻煩幫我改成五級好嗎？謝謝！"), "改成5級");
  EXPECT_EQ(stripped("Could you please make it 5 levels? Thanks"), "make it 5 levels");
  EXPECT_EQ(stripped("你好"), "你好");
  EXPECT_EQ(stripped("謝謝"), "謝謝");
  EXPECT_EQ(stripped(" ，。"), "");
}

TEST(Rules, know_ordinals_and_courtesies) {
  EXPECT_EQ(rules().ordinal("第2項"), 2);
  EXPECT_EQ(rules().ordinal("3rd criterion"), 3);
  EXPECT_EQ(rules().ordinal("最後一項"), -1);
  EXPECT_EQ(rules().ordinal("論點"), std::nullopt);
  EXPECT_EQ(rules().courtesy("好的"), Courtesy::yes);
  EXPECT_EQ(rules().courtesy("不用了"), Courtesy::no);
  EXPECT_EQ(rules().courtesy("很好,謝謝"), Courtesy::thanks);
  EXPECT_EQ(rules().courtesy("好累"), Courtesy::none);
  EXPECT_TRUE(rules().is_remark("證據太重了"));
}

TEST(Rules, tell_a_wish_for_a_rubric_from_a_change_of_one) {
  for (const auto* yes : {"設計議論文評分規準", "lab report rubric", "make a rubric for essays",
                          "show me a rubric for a debate", "實驗報告評量表"}) {
    EXPECT_TRUE(rules().asks_for_rubric(yes)) << yes;
  }
  for (const auto* no : {"把評分規準改成5級", "make the rubric 5 levels", "檢查評分規準",
                         "show me the rubric", "add a rubric row for style", "新增創意這個評分規準",
                         "use the rubric to grade this", "改成5級"}) {
    EXPECT_FALSE(rules().asks_for_rubric(no)) << no;
  }
}

TEST(Rules, try_commands_on_the_head_of_a_long_clause_only) {
  const std::string far = std::string(5000, 'x') + " make it 5 levels";
  EXPECT_TRUE(rules().match(far).empty());
  const auto text = "change level 3 of thesis to: " + std::string(1500, 'x');
  const auto matches = rules().match(text);
  ASSERT_FALSE(matches.empty());
  EXPECT_EQ(matches[0].intent, Intent::set_descriptor);
  EXPECT_EQ(matches[0].slot("text").end, text.size());
  EXPECT_TRUE(matches[0].slot("no such").empty());
}

TEST(Patterns, expand_macros_and_find_groups) {
  Macros macros;
  macros.add("N", "([0-9]+)");
  macros.add("NN", "{N}-{N}");
  Patterns patterns;
  const auto id = patterns.add(macros.expand("a{NN}|(b)"));
  EXPECT_EQ(patterns.group(id, "xa1-23", 2)->end, 6u);
  EXPECT_EQ(patterns.group(id, "xb", 1), std::nullopt);
  EXPECT_EQ(patterns.find(id, "zz"), std::nullopt);
}

}  // namespace
}  // namespace rubricon::ai_rules
