#include <rubricon/formats/foreign_file.hpp>

#include <rubricon/formats/import.hpp>
#include <rubricon/formats/preview_test.hpp>

#include <gtest/gtest.h>

namespace rubricon::formats {
namespace {

TEST(ForeignFile, what_nothing_reads_is_named_and_says_what_can_be_done) {
  using namespace std::string_view_literals;
  const std::pair<std::string_view, std::string_view> files[] = {
      {"%PDF-1.7\n%\xe2\xe3\xcf\xd3"sv, "pdf "},
      {"\x89PNG\r\n\x1a\n\0\0"sv, "picture "},
      {"\xff\xd8\xff\xe0\0\x10JFIF"sv, "picture "},
      {"GIF89a"sv, "picture "},
      {"{\\rtf1\\ansi {\\b x}}"sv, "rtf "},
      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 xls"sv, "old_office "},
  };
  for (const auto& [bytes, code] : files) {
    const auto preview = import_rubric(bytes, {});
    EXPECT_FALSE(preview.rubric);
    ASSERT_EQ(codes(preview), code);
    EXPECT_TRUE(preview.notes[0].message.en.contains("copy the table")) << code;
    EXPECT_TRUE(preview.notes[0].message.zh_tw.contains("複製表格")) << code;
  }
}

TEST(ForeignFile, what_only_mentions_one_is_read) {
  const auto preview = import_rubric("File,Good,Poor\n%PDF-1.7,is whole,is torn\n", {});
  EXPECT_TRUE(preview.rubric) << codes(preview);
}

}  // namespace
}  // namespace rubricon::formats
