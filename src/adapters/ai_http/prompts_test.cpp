#include <rubricon/ai_http/prompts.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

using domain::Locale;

TEST(PromptsTest, both_languages_have_every_section_and_the_same_version) {
  for (const auto* name :
       {"system", "tool", "schema", "prose", "material", "message", "left_out", "repair", "created",
        "updated", "not_changed", "cut_off", "kept", "assumptions", "questions"}) {
    EXPECT_FALSE(prompts(Locale::en).section(name).empty()) << name;
    EXPECT_FALSE(prompts(Locale::zh_tw).section(name).empty()) << name;
  }
  EXPECT_EQ(prompts(Locale::en).version(), prompts(Locale::zh_tw).version());
}

TEST(PromptsTest, the_system_prompt_names_the_markers_of_this_request) {
  for (const auto locale : {Locale::en, Locale::zh_tw}) {
    const auto text = prompts(locale).filled("system", "{marker}", "DATA-0123");
    EXPECT_TRUE(text.contains("DATA-0123"));
    EXPECT_FALSE(text.contains('{'));
  }
}

TEST(PromptsTest, a_section_ends_where_the_next_begins) {
  const PromptTexts texts("version: 7\n\n[a]\none\n\ntwo\n\n[b]\n[x\n");
  EXPECT_EQ(texts.version(), "7");
  EXPECT_EQ(texts.section("a"), "one\n\ntwo");
  EXPECT_EQ(texts.section("b"), "[x");
}

TEST(PromptsTest, a_broken_file_or_a_missing_section_stops_the_process) {
  EXPECT_DEATH(PromptTexts("[a]\nno version\n"), "version");
  EXPECT_DEATH(PromptTexts("version: 1\nno section\n"), "section");
  EXPECT_DEATH(prompts(Locale::en).section("nowhere"), "sections_");
}

}  // namespace
}  // namespace rubricon::ai_http
