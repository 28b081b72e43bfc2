#include <rubricon/formats/text_input.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

using namespace std::string_view_literals;

std::string read(std::string_view bytes) {
  Notes notes;
  const auto text = read_text(bytes, notes);
  EXPECT_NE(text.has_value(), notes.failed());
  return text ? *text : "!" + notes.list().at(0).code;
}

TEST(TextInput, reads_utf_8_and_utf_16_with_their_marks) {
  EXPECT_EQ(read("論點"), "論點");
  EXPECT_EQ(read("\xef\xbb\xbf論點"), "論點");
  EXPECT_EQ(read("\xff\xfe\xd6\x8a\xde\x9e"sv), "論點");
  EXPECT_EQ(read("\xfe\xff\x8a\xd6\x9e\xde"sv), "論點");
  EXPECT_EQ(read("\xff\xfe\x3d\xd8\x00\xde"sv), "😀");
}

TEST(TextInput, refuses_half_of_utf_16) {
  EXPECT_EQ(read("\xff\xfe\xd6"sv), "!not_utf8");
  EXPECT_EQ(read("\xff\xfe\x3d\xd8"sv), "!not_utf8");
  EXPECT_EQ(read("\xff\xfe\x3d\xd8\x41\x00"sv), "!not_utf8");
  EXPECT_EQ(read("\xff\xfe\x00\xde"sv), "!not_utf8");
}

TEST(TextInput, refuses_what_is_no_text) {
  EXPECT_EQ(read("a\0b"sv), "!not_text");
  EXPECT_EQ(read("\xbd\xd7\xc2\x49"), "!big5");
  EXPECT_EQ(read("caf\xe9"), "!not_utf8");
  EXPECT_EQ(read("\xff\xff\xff"), "!not_utf8");
}

}  // namespace
}  // namespace rubricon::formats
