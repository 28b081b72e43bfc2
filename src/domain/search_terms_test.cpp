#include <rubricon/domain/search_terms.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(SearchTerms, latin_words_are_lower_cased_and_split_at_anything_else) {
  EXPECT_THAT(index_terms("Rubric v2: thesis/Évidence, x_y"),
              ElementsAre("rubric", "v2", "thesis", "évidence", "x", "y"));
}

TEST(SearchTerms, chinese_becomes_overlapping_pairs_and_the_last_character) {
  EXPECT_THAT(index_terms("評分規準"), ElementsAre("評分", "分規", "規準", "準"));
  EXPECT_THAT(index_terms("「評」。"), ElementsAre("評"));
}

TEST(SearchTerms, scripts_in_one_sentence_are_kept_apart) {
  EXPECT_THAT(index_terms("八年級essay共3項"),
              ElementsAre("八年", "年級", "級", "essay", "共", "3", "項"));
}

TEST(SearchTerms, full_width_letters_are_their_ascii_selves) {
  EXPECT_THAT(index_terms("ＡＩ　１２！"), ElementsAre("ai", "12"));
}

TEST(SearchTerms, pictures_and_punctuation_separate) {
  EXPECT_THAT(index_terms("好🎉的—so·so"), ElementsAre("好", "的", "so", "so"));
}

TEST(SearchTerms, characters_beyond_the_basic_plane_pair_up) {
  EXPECT_THAT(index_terms("𠮷野家"), ElementsAre("𠮷野", "野家", "家"));
}

TEST(SearchTerms, a_document_has_a_bounded_number_of_terms) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "字詞 ab ";
  EXPECT_THAT(index_terms(text), SizeIs(index_terms_max));
}

TEST(SearchTerms, a_long_word_is_cut_alike_on_both_sides) {
  const std::string word(1'000, 'w');
  EXPECT_EQ(index_terms(word).front(), query_words(word).front().terms.front());
}

TEST(SearchTerms, a_query_word_is_a_phrase_of_pairs) {
  EXPECT_THAT(query_words("評分規 Rub"),
              ElementsAre(QueryWord{{"評分", "分規"}}, QueryWord{{"rub"}}));
  EXPECT_THAT(query_words("準"), ElementsAre(QueryWord{{"準"}}));
}

TEST(SearchTerms, a_query_without_letters_looks_for_nothing) {
  EXPECT_THAT(query_words(" \"*() — ！"), IsEmpty());
}

TEST(SearchTerms, a_query_has_a_bounded_number_of_words) {
  EXPECT_THAT(query_words("a b c d e f g h i j k l"), SizeIs(query_words_max));
}

}  // namespace
}  // namespace rubricon::domain
