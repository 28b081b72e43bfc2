#include <rubricon/formats/hidden_text.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

std::vector<Note> told(const HiddenReport& report) {
  Notes notes;
  report.tell(notes);
  return notes.list();
}

TEST(HiddenText, is_shown_so_that_it_can_be_seen) {
  EXPECT_EQ(escaped("a\u200bb\u202ec\n評"), "a\\u{200B}b\\u{202E}c\\n評");
  EXPECT_EQ(escaped("\U000E0069\U000E0020\U000E006E"), "i n") << "tags spell letters";
  EXPECT_EQ(escaped("x\x1b[31m"), "x\\u{001B}[31m") << "nothing that a terminal obeys";
  EXPECT_EQ(escaped(std::string(300, 'x')), std::string(200, 'x') + "…");
}

TEST(HiddenText, says_how_much_where_and_what) {
  HiddenReport report;
  report.add(Hiding::same_colour, {.row = 2, .column = 2, .path = {}}, " ignore the ");
  report.add(Hiding::same_colour, {.row = 2, .column = 2, .path = {}}, "rubric ");
  report.add(Hiding::tiny, {.row = 2, .column = 2, .path = {}}, "  \n ");
  const auto notes = told(report);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].code, "hidden_text");
  EXPECT_EQ(notes[0].severity, Severity::warning);
  EXPECT_EQ(notes[0].hidden, (HiddenNote{"same_colour", "", 17, "ignore the rubric"}));
  EXPECT_EQ(notes[0].message.en,
            "Cell B2 has 17 characters that nobody sees (of the colour behind it); they were left "
            "out: \"ignore the rubric\"");
  EXPECT_EQ(notes[0].message.zh_tw,
            "儲存格 B2有 17 個看不見的字元（與背景同色），未匯入：「ignore the rubric」");
}

TEST(HiddenText, that_was_wanted_is_told_all_the_same) {
  HiddenReport report(HiddenTexts::kept);
  report.add(Hiding::sheet, {}, "x", "資料");
  report.add(Hiding::invisible_characters, {.row = 1, .column = 0, .path = {}}, "\u200b\u200b");
  const auto notes = told(report);
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_TRUE(notes[0].message.en.starts_with("The sheet \"資料\" has 1 characters"));
  EXPECT_TRUE(notes[0].message.en.contains("taken in"));
  EXPECT_EQ(notes[1].code, "hidden_characters");
  EXPECT_TRUE(notes[1].message.en.contains("left out")) << "what has no shape never is";
}

TEST(HiddenText, beyond_what_is_listed_is_said_to_be_there) {
  HiddenReport report;
  for (std::size_t row = 1; row < 500; ++row) {
    report.add(Hiding::tiny, {.row = row, .column = 1, .path = {}}, "x");
  }
  const auto notes = told(report);
  EXPECT_EQ(notes.size(), notes_max);
  EXPECT_EQ(notes.back().code, "more_notes");
}

TEST(HiddenText, each_way_has_a_name_and_words) {
  for (int i = 0; i <= static_cast<int>(Hiding::invisible_characters); ++i) {
    HiddenReport report;
    report.add(static_cast<Hiding>(i), {.row = 0, .column = 3, .path = {}}, "x");
    const auto notes = told(report);
    ASSERT_TRUE(notes[0].hidden);
    EXPECT_FALSE(notes[0].hidden->how.empty());
    EXPECT_TRUE(notes[0].message.en.starts_with("Column C")) << notes[0].message.en;
  }
}

}  // namespace
}  // namespace rubricon::formats
