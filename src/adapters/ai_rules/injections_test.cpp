// The assistant by rules reads the same material as a model, and is led by none of it.
// tests: assistant.cpp
#include <rubricon/ai_rules/assistant.hpp>

#include <rubricon/domain/rubric.hpp>
#include <rubricon/ports/contract/injections.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

using domain::Locale;
using ports::Injection;

const Assistant& assistant() {
  static const Assistant the_assistant;
  return the_assistant;
}

ports::AiRequest request_of(const Injection& injection, const char* en, const char* zh) {
  const bool english = injection.locale == Locale::en;
  return {.message = english ? en : zh, .locale = injection.locale};
}

/// A table of its own making, as it is stored.
std::string table(const Injection& injection) {
  const auto made =
      assistant().respond(request_of(injection, "Design a rubric for a grade 8 argumentative essay",
                                     "請為八年級的議論文設計評分規準"));
  EXPECT_TRUE(made.rubric.has_value());
  return made.rubric.value_or("{}");
}

TEST(RulesInjectionsTest, what_is_attached_changes_nothing_of_an_answer) {
  for (const auto& injection : ports::all_injections(RUBRICON_SOURCE_DIR)) {
    if (injection.where != "context" && injection.where != "metadata") continue;
    SCOPED_TRACE(injection.id);
    for (const auto& [en, zh] : {std::pair("Design a rubric for a grade 8 argumentative essay",
                                           "請為八年級的議論文設計評分規準"),
                                 std::pair("Use 5 levels", "改成 5 個等級")}) {
      auto request = request_of(injection, en, zh);
      request.rubric = table(injection);
      request.context = R"({"grade":8})";
      const auto clean = assistant().respond(request);
      request.context = ports::context_with(injection);
      const auto injected = assistant().respond(request);
      EXPECT_EQ(injected.text, clean.text);
      EXPECT_EQ(injected.rubric, clean.rubric);
      EXPECT_EQ(injected.outcome, clean.outcome);
    }
  }
}

TEST(RulesInjectionsTest, what_stands_in_a_cell_is_a_text_and_stays_one) {
  for (const auto& injection : ports::all_injections(RUBRICON_SOURCE_DIR)) {
    if (injection.where != "cell") continue;
    SCOPED_TRACE(injection.id);
    auto request = request_of(injection, "Set the total to 50 points", "總分改成 50 分");
    auto before = domain::parse_rubric(table(injection));
    ASSERT_TRUE(before.has_value());
    before->criteria[0].cells[1].descriptor = {.en = injection.text, .zh_tw = injection.text};
    before->criteria[0].cells[1].origin = domain::CellOrigin::teacher;
    before->criteria[1].locked = true;
    request.rubric = domain::to_json(*before);
    const auto answered = assistant().respond(request);
    ASSERT_TRUE(answered.rubric.has_value()) << answered.text;
    auto after = domain::parse_rubric(*answered.rubric);
    ASSERT_TRUE(after.has_value());
    EXPECT_EQ(after->total, domain::Amount::whole(50));
    before->total = after->total;
    EXPECT_EQ(domain::parse_rubric(domain::to_json(*before)), *after) << "only what was asked for";
  }
}

}  // namespace
}  // namespace rubricon::ai_rules
