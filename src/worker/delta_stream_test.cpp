#include <rubricon/worker/delta_stream.hpp>

#include <gtest/gtest.h>

namespace rubricon::worker {
namespace {

TEST(DeltaStream, gathers_pieces_and_counts_offsets_as_javascript_does) {
  DeltaStream stream(1024);
  EXPECT_FALSE(stream.take());
  stream.append("評");
  stream.append("分🙂");
  EXPECT_EQ(stream.take(), (Delta{0, "評分🙂"}));
  stream.append("x");
  EXPECT_EQ(stream.take(), (Delta{4, "x"}));
  EXPECT_FALSE(stream.take());
  EXPECT_EQ(stream.text(), "評分🙂x");
}

TEST(DeltaStream, never_splits_a_code_point_wherever_the_model_cuts) {
  const std::string whole = "繁體中文 and 🙂👩‍🏫 emoji";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    DeltaStream stream(1024);
    std::string seen;
    const auto look = [&] {
      if (const auto delta = stream.take()) seen += delta->text;
    };
    stream.append(std::string_view(whole).substr(0, cut));
    look();
    stream.append(std::string_view(whole).substr(cut));
    look();
    EXPECT_EQ(seen, whole) << "cut at " << cut;
  }
}

TEST(DeltaStream, malformed_bytes_become_replacement_characters) {
  DeltaStream stream(1024);
  stream.append(
      "a\xff"
      "b\xe8\xa9"
      "c\xed\xa0\x80");
  EXPECT_EQ(stream.text(), "a\uFFFDb\uFFFDc\uFFFD");
}

TEST(DeltaStream, stops_at_its_bound) {
  DeltaStream stream(5);
  stream.append("評分");
  EXPECT_TRUE(stream.full());
  EXPECT_EQ(stream.text(), "評");
  stream.append("x");
  EXPECT_EQ(stream.text(), "評");
}

}  // namespace
}  // namespace rubricon::worker
