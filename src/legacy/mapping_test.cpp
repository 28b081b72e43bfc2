#include <rubricon/legacy/mapping.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rubricon::legacy {
namespace {

const auto now = base::parse_time("2026-11-26T00:00:00.000Z").value();
const auto then = base::parse_time("2024-03-01T09:00:00.123Z").value();

OldUser user() {
  return {.id = "clu1", .email = "Lin@School.tw", .name = "林老師", .created_at = then};
}
OldChat chat() {
  return {.id = "clc1", .user = "clu1", .title = "作文", .context = {}, .created_at = then};
}
OldMessage message(std::string content) {
  const auto bytes = content.size();
  return {.id = "clm1",
          .chat = "clc1",
          .role = "USER",
          .content = std::move(content),
          .content_bytes = bytes,
          .at = then};
}

Reason refused(const OldMessage& row) {
  return message_of(row, now).error();
}

TEST(LegacyMapping, a_person_keeps_address_name_and_time) {
  Adjusted adjusted;
  const auto mapped = user_of(user(), now, adjusted).value();
  EXPECT_EQ(mapped.email.value(), "lin@school.tw");
  EXPECT_EQ(mapped.name.value(), "林老師");
  EXPECT_EQ(mapped.created_at, then);
  EXPECT_EQ(mapped.id.uuid().unix_ms(), base::unix_ms(then));
  EXPECT_FALSE(adjusted.name);
}

TEST(LegacyMapping, the_same_old_id_is_the_same_id_here_and_another_is_another) {
  Adjusted adjusted;
  auto other = user();
  other.id = "clu2";
  const auto first = user_of(user(), now, adjusted)->id;
  EXPECT_EQ(user_of(user(), now, adjusted)->id, first);
  EXPECT_NE(user_of(other, now, adjusted)->id, first);
  auto same_text = chat();
  same_text.id = "clu1";
  EXPECT_NE(chat_of(same_text, {}, now, adjusted)->id.uuid(), first.uuid()) << "of another table";
}

TEST(LegacyMapping, a_broken_address_is_left_out) {
  Adjusted adjusted;
  auto row = user();
  row.email = "nobody";
  EXPECT_EQ(user_of(row, now, adjusted).error(), Reason::broken_address);
}

TEST(LegacyMapping, a_name_that_does_not_fit_is_made_to_fit) {
  auto row = user();
  row.name = "two\nlines";
  Adjusted cut;
  EXPECT_EQ(user_of(row, now, cut)->name.value(), "two lines");
  EXPECT_TRUE(cut.name);
  row.name = "";
  Adjusted none;
  EXPECT_EQ(user_of(row, now, none)->name.value(), "lin");
  EXPECT_TRUE(none.name);
}

TEST(LegacyMapping, a_title_is_cut_between_characters) {
  auto row = chat();
  for (int i = 0; i < 100; ++i) row.title += "評分📝";
  Adjusted adjusted;
  const auto title = chat_of(row, {}, now, adjusted)->title.value();
  EXPECT_TRUE(adjusted.title);
  EXPECT_TRUE(domain::is_utf8(title));
  EXPECT_TRUE(row.title.starts_with(title));
  EXPECT_EQ(title.size(), 2 * 3 + 66 * 10);
}

TEST(LegacyMapping, a_context_is_a_small_object_or_none) {
  auto row = chat();
  Adjusted adjusted;
  row.context = R"({"grade": 7, "subject": "國文"})";
  EXPECT_EQ(chat_of(row, {}, now, adjusted)->context, R"({"grade":7,"subject":"國文"})");
  row.context = "null";
  EXPECT_EQ(chat_of(row, {}, now, adjusted)->context, "{}");
  EXPECT_FALSE(adjusted.context);
  for (const std::string& broken :
       {std::string("[1]"), std::string("{"), R"({"a":")" + std::string(9'000, 'x') + "\"}"}) {
    row.context = broken;
    Adjusted dropped;
    EXPECT_EQ(chat_of(row, {}, now, dropped)->context, "{}");
    EXPECT_TRUE(dropped.context);
  }
}

TEST(LegacyMapping, a_message_keeps_role_text_and_time) {
  auto row = message("請評分 📝");
  const auto mapped = message_of(row, now).value();
  EXPECT_EQ(mapped.role, domain::MessageRole::user);
  EXPECT_EQ(mapped.content.value(), "請評分 📝");
  EXPECT_EQ(mapped.at, then);
  row.role = "AI";
  EXPECT_EQ(message_of(row, now)->role, domain::MessageRole::ai);
}

TEST(LegacyMapping, what_cannot_be_a_message_says_why) {
  EXPECT_EQ(refused(message("")), Reason::empty);
  EXPECT_EQ(refused(message(" \n\t")), Reason::empty);
  EXPECT_EQ(refused(message("\xff")), Reason::broken_text);
  auto large = message("");
  large.content_bytes = domain::MessageText::bytes_max + 1;
  EXPECT_EQ(refused(large), Reason::too_large);
  EXPECT_TRUE(message_of(message(std::string(domain::MessageText::bytes_max, 'x')), now));
  auto system = message("x");
  system.role = "SYSTEM";
  EXPECT_EQ(refused(system), Reason::unknown_role);
}

TEST(LegacyMapping, a_time_that_cannot_be_is_broken) {
  auto row = message("x");
  row.at = std::nullopt;
  EXPECT_EQ(refused(row), Reason::broken_time);
  row.at = base::parse_time("1970-01-01T00:00:00.000Z");
  EXPECT_EQ(refused(row), Reason::broken_time);
  row.at = now + std::chrono::hours(25);
  EXPECT_EQ(refused(row), Reason::broken_time);
  row.at = now + std::chrono::hours(1);
  EXPECT_TRUE(message_of(row, now)) << "clocks differ";
}

}  // namespace
}  // namespace rubricon::legacy
