#include <rubricon/formats/json_document.hpp>

#include <rubricon/formats/preview_test.hpp>
#include <rubricon/formats/templates_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(JsonDocument, comes_in_as_it_is) {
  const auto preview = read_json_document(domain::to_json(essay()), {});
  EXPECT_EQ(preview.rubric, essay());
  EXPECT_EQ(codes(preview), "");
}

TEST(JsonDocument, loses_signs_without_a_shape_and_says_where_they_were) {
  auto rubric = small_rubric();
  rubric.title.zh_tw = "評\u200b分";
  rubric.criteria[0].cells[1].descriptor.zh_tw = "好\U000E0061\U000E0062";
  const auto preview = read_json_document(domain::to_json(rubric), {});
  ASSERT_TRUE(preview.rubric) << codes(preview);
  EXPECT_EQ(preview.rubric->title.zh_tw, "評分");
  EXPECT_EQ(preview.rubric->criteria[0].cells[1].descriptor.zh_tw, "好");
  EXPECT_EQ(codes(preview),
            "hidden_characters@title hidden_characters@criteria[0].cells[1].descriptor ");
  EXPECT_EQ(preview.notes[1].hidden, (HiddenNote{"invisible_characters", "", 2, "ab"}));
}

TEST(JsonDocument, with_a_name_that_nobody_sees_is_refused) {
  auto rubric = small_rubric();
  rubric.criteria[0].name = {.en = {}, .zh_tw = "\u200b\u200b"};
  const auto preview = read_json_document(domain::to_json(rubric), {});
  EXPECT_FALSE(preview.rubric);
  EXPECT_EQ(codes(preview), "hidden_characters@criteria[0].name empty@criteria[0].name ");
}

}  // namespace
}  // namespace rubricon::formats
