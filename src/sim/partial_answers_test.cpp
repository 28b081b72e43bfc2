#include <rubricon/sim/partial_answers.hpp>

#include <gtest/gtest.h>
#include <boost/json/value.hpp>

namespace rubricon::sim {
namespace {

boost::json::object piece(int attempt, int offset, const char* text) {
  return {{"jobId", "j"}, {"attempt", attempt}, {"off", offset}, {"text", text}};
}

TEST(PartialAnswers, overlaps_are_cut_and_holes_wait) {
  PartialAnswers partials;
  EXPECT_EQ(to_utf8(partials.add(piece(1, 0, "評分"))->text), "評分");
  EXPECT_EQ(partials.add(piece(1, 3, "x")), nullptr) << "a hole";
  EXPECT_EQ(partials.add(piece(1, 0, "評")), nullptr) << "nothing new";
  EXPECT_EQ(to_utf8(partials.add(piece(1, 1, "分規準a"))->text), "評分規準a");
}

TEST(PartialAnswers, a_higher_attempt_replaces_and_a_lower_one_is_ignored) {
  PartialAnswers partials;
  partials.add(piece(1, 0, "first"));
  EXPECT_EQ(to_utf8(partials.add(piece(2, 0, "new"))->text), "new");
  EXPECT_EQ(partials.add(piece(1, 5, "late")), nullptr);
}

TEST(PartialAnswers, counts_as_javascript_does) {
  PartialAnswers partials;
  partials.add(piece(1, 0, "😀"));
  EXPECT_EQ(partials.add(piece(1, 2, "b"))->text.size(), 3u);
}

}  // namespace
}  // namespace rubricon::sim
