#include <rubricon/ai_http/thought_filter.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

std::string filter(std::string_view text, std::size_t step) {
  ThoughtFilter filter;
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += step) out += filter.feed(text.substr(at, step));
  return out + filter.finish();
}

TEST(ThoughtFilterTest, a_thought_at_the_beginning_is_never_shown_however_it_is_cut) {
  constexpr std::string_view text =
      "\n<think>\nthe <b>teacher</b> wants </ thing\n</think>\n\n好的 <think>";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    EXPECT_EQ(filter(text, step), "\n\n好的 <think>") << "in pieces of " << step;
  }
}

TEST(ThoughtFilterTest, text_that_only_looks_so_is_shown_whole) {
  for (const std::string_view text : {"<thin air", "<th", "a<think>b</think>", "", "<"}) {
    for (const std::size_t step : {1, 2, 100}) EXPECT_EQ(filter(text, step), text);
  }
}

TEST(ThoughtFilterTest, a_thought_without_end_shows_nothing) {
  EXPECT_EQ(filter("<think>" + std::string(10'000, 'x'), 7), "");
}

}  // namespace
}  // namespace rubricon::ai_http
