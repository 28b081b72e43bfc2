#include <rubricon/formats/note.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(Notes, are_bounded_and_never_lose_an_error) {
  Notes notes;
  for (int i = 0; i < 300; ++i) notes.warn({}, "w", {});
  EXPECT_EQ(notes.list().size(), notes_max);
  EXPECT_EQ(notes.list().back().code, "more_notes");
  EXPECT_FALSE(notes.failed());
  notes.error({}, "e", {});
  EXPECT_TRUE(notes.failed());
  EXPECT_EQ(notes.list().size(), notes_max);
  EXPECT_EQ(notes.list()[notes_max - 2].code, "e");
}

TEST(Notes, name_columns_as_a_spreadsheet_does) {
  EXPECT_EQ(column_letters(1), "A");
  EXPECT_EQ(column_letters(26), "Z");
  EXPECT_EQ(column_letters(27), "AA");
  EXPECT_EQ(column_letters(703), "AAA");
}

TEST(Notes, quote_forty_characters) {
  std::string long_text;
  for (int i = 0; i < 50; ++i) long_text += "論";
  EXPECT_EQ(shortened(long_text), long_text.substr(0, 120) + "…");
  EXPECT_EQ(shortened("短"), "短");
}

}  // namespace
}  // namespace rubricon::formats
