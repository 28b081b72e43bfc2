#include <rubricon/redis/message_pack.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace rubricon::redis {
namespace {

namespace json = boost::json;
using namespace std::string_view_literals;

TEST(MessagePack, reads_what_it_writes) {
  for (const auto* text : {"null", "true", "0", "-1", "-129", "65536", "4294967296", "-2147483649",
                           "18446744073709551615", "1.5", R"("")", R"("評分")", "[]", "{}",
                           R"({"z":[1,[2,{"a":null}]],"a":"b"})"}) {
    const auto value = json::parse(text);
    EXPECT_EQ(parse_message_pack(message_pack(value)), value) << text;
  }
  const json::string longer(70'000, 'a');
  EXPECT_EQ(parse_message_pack(message_pack(longer)), json::value(longer));
}

TEST(MessagePack, reads_every_width_that_others_may_choose) {
  EXPECT_EQ(parse_message_pack("\xcd\x00\x07"sv), json::value(7));
  EXPECT_EQ(parse_message_pack("\xcf\x00\x00\x00\x00\x00\x00\x00\x07"sv), json::value(7));
  EXPECT_EQ(parse_message_pack("\xd3\xff\xff\xff\xff\xff\xff\xff\xff"sv), json::value(-1));
  EXPECT_EQ(parse_message_pack("\xca\x3f\xc0\x00\x00"sv), json::value(1.5));
  EXPECT_EQ(parse_message_pack("\xdb\x00\x00\x00\x01\x61"sv), json::value("a"));
  EXPECT_EQ(parse_message_pack("\xdd\x00\x00\x00\x01\xc0"sv), (json::value{nullptr}));
  EXPECT_EQ(parse_message_pack("\xde\x00\x01\xa1\x61\x01"sv), (json::value{{"a", 1}}));
}

TEST(MessagePack, dates_and_numbers_that_are_none_become_what_javascript_makes_of_them) {
  // As notepack writes new Date(1795384115123) and new Date(1795384115000), and as others may.
  EXPECT_EQ(parse_message_pack("\xd7\xff\x1d\x53\x53\x00\x6b\x03\x63\x33"sv),
            json::value("2026-11-22T21:48:35.123Z"));
  EXPECT_EQ(parse_message_pack("\xd6\xff\x6b\x03\x63\x33"sv),
            json::value("2026-11-22T21:48:35.000Z"));
  EXPECT_EQ(parse_message_pack("\xc7\x0c\xff\x07\x54\xd4\xc0\x00\x00\x00\x00\x6b\x03\x63\x33"sv),
            json::value("2026-11-22T21:48:35.123Z"));
  EXPECT_FALSE(parse_message_pack("\xc7\x0c\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"sv))
      << "before 1970";
  EXPECT_EQ(parse_message_pack("\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00"sv), json::value(nullptr));
}

TEST(MessagePack, refuses_what_json_cannot_say) {
  EXPECT_FALSE(parse_message_pack("\xc4\x01\x61"sv)) << "bytes";
  EXPECT_FALSE(parse_message_pack("\xd4\x05\x61"sv)) << "an extension";
  EXPECT_FALSE(parse_message_pack("\xd7\x05\x00\x00\x00\x00\x00\x00\x00\x00"sv)) << "another one";
  EXPECT_FALSE(parse_message_pack("\xa1\xff"sv)) << "not UTF-8";
  EXPECT_FALSE(parse_message_pack("\x81\xa1\xff\x01"sv)) << "not UTF-8 as a key";
  EXPECT_FALSE(parse_message_pack("\x81\x01\x01"sv)) << "a number as a key";
  EXPECT_FALSE(parse_message_pack(""sv));
  EXPECT_FALSE(parse_message_pack("\xc1"sv));
  EXPECT_FALSE(parse_message_pack("\x01\x01"sv)) << "more than one";
  EXPECT_FALSE(parse_message_pack("\xdd\xff\xff\xff\xff"sv)) << "a list without its items";
  EXPECT_FALSE(parse_message_pack("\xdb\xff\xff\xff\xff"sv)) << "a text without its bytes";
}

TEST(MessagePack, refuses_what_is_too_much) {
  EXPECT_TRUE(parse_message_pack(std::string(31, '\x91') + '\x90'));
  EXPECT_FALSE(parse_message_pack(std::string(32, '\x91') + '\x90'));
  EXPECT_FALSE(parse_message_pack(std::string(900'000, '\x91')));
  EXPECT_FALSE(parse_message_pack("\xdc\x00\x0a" + std::string(10, '\x01'), {.values = 10}));
  EXPECT_FALSE(parse_message_pack("\xa3xxx"sv, {.bytes = 3}));
}

}  // namespace
}  // namespace rubricon::redis
