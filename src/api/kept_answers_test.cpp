#include <rubricon/api/kept_answers.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

using namespace std::chrono_literals;

class KeptAnswersTest : public testing::Test {
 protected:
  base::Instant now{};
  KeptAnswers<int> kept{4'096, 1min};
};

TEST_F(KeptAnswersTest, an_answer_is_found_by_question_and_state) {
  kept.keep("list", 7, "[]", now);
  EXPECT_TRUE(kept.has("list", now));
  const auto* const answer = kept.find("list", 7, now);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(*answer, "[]");
  EXPECT_EQ(kept.find("list", 8, now), nullptr);
  EXPECT_FALSE(kept.has("another", now));
  EXPECT_EQ(kept.find("another", 7, now), nullptr);
}

TEST_F(KeptAnswersTest, the_newest_answer_counts) {
  kept.keep("list", 7, "old", now);
  const auto bytes = kept.bytes();
  kept.keep("list", 8, "new", now);
  EXPECT_EQ(kept.find("list", 7, now), nullptr);
  EXPECT_EQ(*kept.find("list", 8, now), "new");
  EXPECT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept.bytes(), bytes);
}

TEST_F(KeptAnswersTest, an_answer_has_an_end) {
  kept.keep("list", 7, "[]", now);
  EXPECT_NE(kept.find("list", 7, now + 59s), nullptr) << "asking does not make it younger";
  EXPECT_FALSE(kept.has("list", now + 60s));
  EXPECT_EQ(kept.bytes(), 0u);
}

TEST_F(KeptAnswersTest, what_was_asked_for_least_recently_makes_room) {
  const std::string long_answer(1'200, 'x');
  kept.keep("a", 1, long_answer, now);
  kept.keep("b", 2, long_answer, now);
  EXPECT_NE(kept.find("a", 1, now), nullptr);
  kept.keep("c", 3, long_answer, now);
  EXPECT_TRUE(kept.has("a", now));
  EXPECT_FALSE(kept.has("b", now));
  EXPECT_TRUE(kept.has("c", now));
  EXPECT_LE(kept.bytes(), 4'096u);
}

TEST_F(KeptAnswersTest, what_is_larger_than_all_the_room_is_not_kept) {
  kept.keep("a", 1, std::string(5'000, 'x'), now);
  EXPECT_FALSE(kept.has("a", now));
  EXPECT_EQ(kept.bytes(), 0u);
}

}  // namespace
}  // namespace rubricon::api
