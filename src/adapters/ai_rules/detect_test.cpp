#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/ai_rules/detect.hpp>
#include <rubricon/ai_rules/likeness.hpp>
#include <rubricon/ai_rules/rules.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_rules {
namespace {

const Assistant& assistant() {
  static const Assistant the_assistant;
  return the_assistant;
}

std::string detect(const char* text) {
  const auto found = detect_type(assistant().library(), assistant().rules().fold(text));
  if (found.type != nullptr) return found.type->id;
  EXPECT_FALSE(found.candidates.empty());
  EXPECT_LE(found.candidates.size(), 3u);
  return found.is_tie ? "tie" : "none";
}

TEST(DetectType, takes_the_longest_alias) {
  EXPECT_EQ(detect("a persuasive essay about school"), "argumentative_essay");
  EXPECT_EQ(detect("an essay"), "essay");
  EXPECT_EQ(detect("數學研究報告"), "research_paper");
  EXPECT_EQ(detect("小組口頭報告"), "oral_presentation");
  EXPECT_EQ(detect("科學海報"), "poster");
  EXPECT_EQ(detect("讀書報告"), "reading_response");
}

TEST(DetectType, wants_whole_words_and_knows_plurals) {
  EXPECT_EQ(detect("essays"), "essay");
  EXPECT_EQ(detect("speeches"), "oral_presentation");
  EXPECT_EQ(detect("storyteller"), "none");
}

TEST(DetectType, asks_where_nothing_or_several_fit) {
  EXPECT_EQ(detect("報告"), "none");
  EXPECT_EQ(detect(""), "none");
  EXPECT_EQ(detect("辯論或海報"), "tie");
}

TEST(DetectType, suggests_what_sounds_alike) {
  const auto found = detect_type(assistant().library(), assistant().rules().fold("書法作品"));
  ASSERT_EQ(found.candidates.size(), 3u);
  EXPECT_EQ(found.candidates[0]->id, "art_portfolio");
}

TEST(DetectType, finds_every_alias_of_the_library) {
  for (const auto& type : assistant().library().types()) {
    for (const auto& alias : type.aliases) EXPECT_EQ(detect(alias.c_str()), type.id) << alias;
  }
}

TEST(Likeness, compares_words_and_bigrams) {
  EXPECT_EQ(tokens_of("結構與語言 a style"),
            (std::set<std::string>{"結構", "構與", "與語", "語言", "style"}));
  EXPECT_DOUBLE_EQ(likeness("語言", "結構與語言"), 1);
  EXPECT_DOUBLE_EQ(likeness("", "x"), 0);
  EXPECT_EQ(width("ab評分"), 10u);
  EXPECT_EQ(find_word("some essays", "essay", 0), 5u);
  EXPECT_EQ(find_word("essayist", "essay", 0), std::nullopt);
  EXPECT_EQ(ranked<char>({{1.0, 'a'}, {2.0, 'b'}, {1.0, 'c'}}), (std::vector<char>{'b', 'a', 'c'}));
}

}  // namespace
}  // namespace rubricon::ai_rules
