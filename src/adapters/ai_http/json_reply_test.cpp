#include <rubricon/ai_http/json_reply.hpp>

#include <rubricon/domain/text.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace rubricon::ai_http {
namespace {

/// The text of the reply, from pieces of `step` bytes; each must be whole in itself.
std::string read(std::string_view json, std::size_t step = 1'000'000) {
  JsonReplyReader reader;
  std::string text;
  for (std::size_t at = 0; at < json.size(); at += step) {
    const auto piece = reader.feed(json.substr(at, step));
    EXPECT_TRUE(domain::is_utf8(piece));
    text += piece;
  }
  return text;
}

TEST(JsonReplyTest, escapes_emoji_and_cjk_come_whole_however_they_are_cut) {
  constexpr std::string_view json =
      R"( {"reply": "評分\u898f\u6e96 \ud83d\ude42🙂 \"a\" \\ \/ \n\t\b\f\r é", "action":"none"})";
  const std::string expected(boost::json::parse(json).at("reply").as_string());
  for (std::size_t step = 1; step <= json.size(); ++step) {
    EXPECT_EQ(read(json, step), expected) << "in pieces of " << step;
  }
}

TEST(JsonReplyTest, the_text_comes_as_soon_as_its_bytes_do) {
  JsonReplyReader reader;
  EXPECT_EQ(reader.feed(R"({"reply":"好)"), "好");
  EXPECT_EQ(reader.feed(R"(的\ud83d)"), "的");
  EXPECT_EQ(reader.feed(R"(\ude4)"), "");
  EXPECT_EQ(reader.feed(R"(2)"), "🙂");
  EXPECT_FALSE(reader.complete());
  EXPECT_EQ(reader.feed(R"(!", "action": "no")"), "!");
  EXPECT_TRUE(reader.complete());
}

TEST(JsonReplyTest, a_reply_that_is_not_first_is_found_and_one_deeper_is_not) {
  EXPECT_EQ(read(R"({"a":[1,{"reply":"x,]}"}],"b":"}{\"","c":null,"reply" : "y"})"), "y");
  EXPECT_EQ(read(R"({"a":{"reply":"x"}})"), "");
  EXPECT_EQ(read(R"({"reply":7,"reply":"y"})"), "y");
  EXPECT_EQ(read(R"({"re\u0070ly":"y"})"), "y");
}

TEST(JsonReplyTest, halves_of_characters_are_replaced_and_never_shown) {
  EXPECT_EQ(read(R"({"reply":"a\ud83db"})"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(read(R"({"reply":"a\ude42b"})"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(read(R"({"reply":"\ud83d\ud83d\ude42"})"), "\xEF\xBF\xBD🙂");
  EXPECT_EQ(read("{\"reply\":\"a\xE8\xA9\"}"), "a\xEF\xBF\xBD");
  EXPECT_EQ(read("{\"reply\":\"\xFF\xE8\xA9\x95\"}"), "\xEF\xBF\xBD評");
  EXPECT_EQ(read(R"({"reply":"\u12x4"})"),
            "\xEF\xBF\xBD"
            "4");
}

TEST(JsonReplyTest, what_is_no_object_is_known_from_its_first_byte) {
  JsonReplyReader reader;
  EXPECT_EQ(reader.feed(" \n"), "");
  EXPECT_FALSE(reader.not_an_object());
  EXPECT_EQ(reader.feed("好的，{\"reply\":\"x\"}"), "");
  EXPECT_TRUE(reader.not_an_object());
}

}  // namespace
}  // namespace rubricon::ai_http
