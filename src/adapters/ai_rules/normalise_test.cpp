#include <rubricon/ai_rules/normalise.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

std::string of(std::string_view text) {
  static const ScriptTable table{.characters = {{U'评', U'評'},
                                                {U'级', U'級'},
                                                {U'这', U'這'},
                                                {U'项', U'項'},
                                                {U'划', U'劃'}},
                                 .phrases = {{U"计划", U"計畫"}}};
  return fold(text, table);
}

TEST(Normalise, gives_widths_quotes_and_case_one_spelling) {
  EXPECT_EQ(of("ＡＢＣ　１２３％，「引號」。“Q”、—"), "abc 123%,\"引號\".\"q\",-");
  EXPECT_EQ(of("a\u200bb\ufeff"), "ab");
  EXPECT_EQ(of("计划评级"), "計畫評級");
}

TEST(Normalise, cuts_what_was_typed) {
  const auto text = normalise("將「Ｔｈｅ　证据」设为百分之三十", {});
  const auto slot = text.text().find("the");
  ASSERT_NE(slot, std::string::npos);
  const auto end = text.text().find('"', slot);
  EXPECT_EQ(text.cut(slot, end), "Ｔｈｅ　证据");
  EXPECT_EQ(text.cut(slot - 1, end + 1), "Ｔｈｅ　证据");
  const auto number = text.text().find("30%");
  EXPECT_EQ(text.cut(number, number + 3), "百分之三十");
  EXPECT_EQ(text.cut(5, 5), "");
  EXPECT_EQ(text.cut(0, text.text().size()), "將「Ｔｈｅ　证据」设为百分之三十");
}

TEST(Normalise, survives_bytes_that_are_not_utf8) {
  EXPECT_NO_FATAL_FAILURE(of("\xff\xe8\xa9"));
  EXPECT_EQ(of(""), "");
}

}  // namespace
}  // namespace rubricon::ai_rules
