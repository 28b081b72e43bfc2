#include <rubricon/domain/text.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

using namespace std::string_view_literals;

template <typename T>
std::string reason(const base::Result<T>& result) {
  return result ? "" : result.error().reason;
}

TEST(Utf8, knows_good_from_bad) {
  EXPECT_TRUE(is_utf8("評分 rubric 🙂"));
  for (const auto bad :
       {"\xff"sv, "\xc0\xaf"sv, "\xed\xa0\x80"sv, "\xe8\xa9"sv, "\xf4\x90\x80\x80"sv}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Utf8, counts_as_javascript_does) {
  EXPECT_EQ(utf16_length("abc"), 3u);
  EXPECT_EQ(utf16_length("評分"), 2u);
  EXPECT_EQ(utf16_length("🙂"), 2u);
}

TEST(MessageText, keeps_text_as_it_was_written) {
  EXPECT_EQ(MessageText::parse(" 請設計\n評分表 ")->value(), " 請設計\n評分表 ");
}

TEST(MessageText, refuses_empty_long_and_broken_text) {
  EXPECT_EQ(reason(MessageText::parse("")), "empty");
  EXPECT_EQ(reason(MessageText::parse(" \n\t　 ")), "empty");
  EXPECT_EQ(reason(MessageText::parse("a\0b"sv)), "nul");
  EXPECT_EQ(reason(MessageText::parse("\xff")), "invalid_utf8");
  EXPECT_TRUE(MessageText::parse(std::string(32768, 'a')));
  EXPECT_EQ(reason(MessageText::parse(std::string(32769, 'a'))), "content_too_long");
}

TEST(ChatTitle, is_one_trimmed_line) {
  EXPECT_EQ(ChatTitle::parse("  議論文 　")->value(), "議論文");
  EXPECT_EQ(ChatTitle::parse("")->value(), "");
  EXPECT_EQ(reason(ChatTitle::parse("a\nb")), "control_character");
  EXPECT_EQ(reason(ChatTitle::parse(std::string(201, 'a'))), "too_long");
}

TEST(Email, is_lower_cased_and_shaped) {
  EXPECT_EQ(Email::parse(" Ann@School.EDU.tw ")->value(), "ann@school.edu.tw");
  for (const auto bad :
       {""sv, "ann"sv, "@x.tw"sv, "a@"sv, "a b@x.tw"sv, "a@x..tw"sv, "a@@x.tw"sv, "a@x_y.tw"sv}) {
    EXPECT_EQ(reason(Email::parse(bad)), "invalid_email") << bad;
  }
}

TEST(Password, has_a_length) {
  EXPECT_EQ(reason(Password::parse("1234567")), "too_short");
  EXPECT_TRUE(Password::parse("12345678"));
  EXPECT_EQ(reason(Password::parse(std::string(257, 'a'))), "too_long");
}

TEST(IdempotencyKey, is_visible_ascii) {
  EXPECT_TRUE(IdempotencyKey::parse("018f2e7a-90ab-7cde-8f01-23456789abcd"));
  for (const auto bad : {""sv, "a b"sv, "é"sv, "a\n"sv}) {
    EXPECT_EQ(reason(IdempotencyKey::parse(bad)), "invalid_key");
  }
}

}  // namespace
}  // namespace rubricon::domain
