#include <rubricon/ai_http/canary_guard.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

constexpr const char* canary = "0a0b0c";

TEST(CanaryGuard, ordinary_text_passes_whatever_it_is_cut_into) {
  const std::string text = "好的 0a0b 0a0b0 🙂 0A0B00a0b";
  for (std::size_t size = 1; size < text.size(); ++size) {
    CanaryGuard guard(canary);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += size) out += guard.feed(text.substr(at, size));
    EXPECT_EQ(out + guard.finish(), text) << size;
    EXPECT_FALSE(guard.tripped());
  }
}

TEST(CanaryGuard, nothing_of_the_canary_is_shown_wherever_it_is_cut_and_nothing_behind_it) {
  for (const std::string& text :
       {std::string("評 DATA-0a0b0c and more"), std::string("評 DATA-0A0b0C and more")}) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      CanaryGuard guard(canary);
      auto out = guard.feed(text.substr(0, cut));
      out += guard.feed(text.substr(cut));
      out += guard.feed("again");
      out += guard.finish();
      EXPECT_EQ(out, "評 DATA-") << cut;
      EXPECT_TRUE(guard.tripped());
    }
  }
}

TEST(CanaryGuard, a_false_start_hides_no_true_one) {
  CanaryGuard guard(canary);
  EXPECT_EQ(guard.feed("0a0b0a0b0c"), "0a0b");
  EXPECT_TRUE(guard.tripped());
}

TEST(CanaryGuard, finds_it_in_a_whole_text) {
  const CanaryGuard guard(canary);
  EXPECT_TRUE(guard.is_in("x0A0B0Cx"));
  EXPECT_FALSE(guard.is_in("x0a0b-0cx"));
}

}  // namespace
}  // namespace rubricon::ai_http
