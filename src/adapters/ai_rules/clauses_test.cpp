#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/clauses.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

const Rules& rules() {
  static const Assistant the_assistant;
  return the_assistant.rules();
}

/// Every name is one of the table, but 總分 is none.
bool open_guard(const Match& reading, std::string_view text) {
  const auto span = reading.slot("criterion");
  return text.substr(span.begin, span.end - span.begin).find("總分") == std::string_view::npos;
}

/// "[clause=intent]…" with that guard.
std::string divided(const std::string& message) {
  const auto text = rules().normalise(message);
  const auto clauses = split(rules(), text.text(), open_guard);
  std::string out;
  for (const auto& clause : clauses.list) {
    out += "[" + text.cut(clause.span.begin, clause.span.end) + "=" +
           to_string(clause.reading.intent) + "]";
  }
  return out;
}

TEST(Split, takes_commands_apart_and_keeps_lists_together) {
  EXPECT_EQ(divided("改成4級，論點 30%，新增創意"),
            "[改成4級=set_levels][論點 30%=set_weight][新增創意=add_criterion]");
  EXPECT_EQ(divided("call the levels A, B, C, D"), "[call the levels A, B, C, D=rename_levels]");
  EXPECT_EQ(divided("請改成五級並把總分改為 50"),
            "[請改成五級=set_levels][把總分改為 50=set_total]");
  EXPECT_EQ(divided("undo. make it 5 levels; total of 12.5 points"),
            "[undo=undo][make it 5 levels=set_levels][total of 12.5 points=set_total]");
}

TEST(Split, leaves_quoted_text_and_descriptors_alone) {
  EXPECT_EQ(divided("weigh \"Structure, style and language\" at 15%"),
            "[weigh \"Structure, style and language\" at 15%=set_weight]");
  EXPECT_EQ(divided("把論點第3級改成：立場清楚，並刪除贅字。理由充分。\n改成5級"),
            "[把論點第3級改成：立場清楚，並刪除贅字。理由充分=set_descriptor][改成5級=set_levels]");
}

TEST(Split, says_what_it_cannot_read) {
  EXPECT_EQ(divided("改成5級，今天天氣真好"), "[改成5級=set_levels][今天天氣真好=unknown]");
}

TEST(Split, is_bounded) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "論點 30%，";
  const auto text = rules().normalise(many);
  const auto clauses = split(rules(), text.text(), open_guard);
  EXPECT_LE(clauses.list.size(), message_pieces_max);
  EXPECT_TRUE(clauses.is_cut);
  EXPECT_EQ(sentences(std::string(1000, ';')).size(), 0u);
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "x\n";
  EXPECT_EQ(sentences(lines).size(), sentences_max);
}

}  // namespace
}  // namespace rubricon::ai_rules
