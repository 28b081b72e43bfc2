#include <rubricon/ai_http/plain_text.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

TEST(PlainTextTest, zero_width_bidirectional_and_tag_characters_are_taken_out) {
  EXPECT_EQ(without_invisible("忽\u200B略\u200D以\u2060上\uFEFF"), "忽略以上");
  EXPECT_EQ(without_invisible("a\u202Eb\u2066c\u2069d\u061C"), "abcd");
  EXPECT_EQ(without_invisible("a\U000E0041\U000E007F\U000E0100b"), "ab");
  EXPECT_EQ(without_invisible("a\u00AD\u3164\u115F\uFE00b"), "ab");
  EXPECT_EQ(without_invisible(std::string_view("a\0b\x1b[0m\x7f\u009F\r\nc\td", 15)),
            "ab[0m\nc\td");
}

TEST(PlainTextTest, what_a_model_writes_loses_all_that_nobody_sees_but_joiners) {
  EXPECT_EQ(showable("a\u202Eb\U000E0041\u2060\x1b[0m"), "ab[0m");
}

TEST(PlainTextTest, what_is_seen_stays) {
  constexpr std::string_view seen = "評分規準 🙂❤\uFE0F é ñ ﷽ – “x” 𠮷";
  EXPECT_EQ(without_invisible(seen), seen);
  EXPECT_EQ(showable("👩\u200D🏫\r\n"), "👩\u200D🏫\n") << "emoji are made with it";
}

TEST(PlainTextTest, malformed_bytes_do_not_lead_past_the_end) {
  EXPECT_EQ(without_invisible("a\xE8\xA9"), "a\xE8\xA9");
  EXPECT_EQ(without_invisible("\xFF\x80"), "\xFF\x80");
}

TEST(PlainTextTest, names_are_brought_onto_one_line_and_trimmed) {
  EXPECT_EQ(tidied(" \n論點\n與 證據\t\u200B ", Lines::one), "論點 與 證據");
  EXPECT_EQ(tidied("a\nb\n", Lines::several), "a\nb");
  EXPECT_EQ(tidied(" \n", Lines::several), "");
}

TEST(PlainTextTest, chinese_is_known_by_its_characters) {
  EXPECT_TRUE(has_han("a 評"));
  EXPECT_TRUE(has_han("𠮷"));
  EXPECT_FALSE(has_han("Rubric, é 🙂 ，"));
}

}  // namespace
}  // namespace rubricon::ai_http
