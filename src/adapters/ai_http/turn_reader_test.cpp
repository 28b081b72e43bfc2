#include <rubricon/ai_http/turn_reader.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

std::string read(TurnReader& reader, std::string_view content, std::size_t step = 3) {
  std::string shown;
  for (std::size_t at = 0; at < content.size(); at += step) {
    shown += reader.feed(content.substr(at, step));
  }
  return shown + reader.finish();
}

TEST(TurnReaderTest, a_call_brings_the_rubric_beside_the_text) {
  TurnReader reader(Transport::tool);
  EXPECT_EQ(read(reader, "<think>hm</think>好的。"), "好的。");
  EXPECT_EQ(reader.content(), "好的。");
  EXPECT_EQ(reader.turn(std::nullopt).rubric, std::nullopt);
  EXPECT_EQ(reader.turn("{}").rubric, "{}");
}

TEST(TurnReaderTest, a_model_that_writes_a_block_instead_of_calling_is_understood) {
  TurnReader reader(Transport::tool);
  EXPECT_EQ(read(reader, "好的。\n```json\n{}\n```"), "好的。");
  EXPECT_EQ(reader.turn(std::nullopt).rubric, "\n{}\n\n");
  EXPECT_EQ(reader.turn("{\"a\":1}").rubric, "{\"a\":1}") << "a call says it better";
}

TEST(TurnReaderTest, a_json_answer_shows_its_reply_and_brings_the_rest) {
  TurnReader reader(Transport::schema);
  EXPECT_EQ(read(reader, R"({"reply":"好的\u3002","action":"replace","rubric":{"a":1},
    "questions":["幾年級？",7,"b","c"],"assumptions":[" 八年級\u200B "]})"),
            "好的。");
  const auto turn = reader.turn(std::nullopt);
  EXPECT_EQ(turn.rubric, R"({"a":1})");
  EXPECT_EQ(turn.problem, "");
  EXPECT_EQ(turn.questions, (std::vector<std::string>{"幾年級？", "b"}));
  EXPECT_EQ(turn.assumptions, (std::vector<std::string>{"八年級"}));
  EXPECT_FALSE(turn.asks);
}

TEST(TurnReaderTest, without_replace_the_rubric_of_a_json_answer_does_not_count) {
  TurnReader reader(Transport::schema);
  read(reader, R"({"reply":"?","action":"ask","rubric":{"a":1}})");
  EXPECT_TRUE(reader.turn(std::nullopt).asks);
  EXPECT_EQ(reader.turn(std::nullopt).rubric, std::nullopt);
  EXPECT_EQ(reader.turn(std::nullopt).problem, "");
}

TEST(TurnReaderTest, a_json_answer_that_breaks_off_is_a_problem_and_its_reply_was_shown) {
  TurnReader reader(Transport::schema);
  EXPECT_EQ(read(reader, R"({"reply":"好","action":"replace","rubric":{"a")"), "好");
  EXPECT_EQ(reader.turn(std::nullopt).problem, "it is not JSON");
  TurnReader without(Transport::schema);
  read(without, R"({"reply":"好","action":"replace","rubric":null})");
  EXPECT_EQ(without.turn(std::nullopt).problem, "action is replace but rubric is missing");
}

TEST(TurnReaderTest, prose_where_json_was_asked_for_is_shown_as_prose) {
  TurnReader reader(Transport::schema);
  EXPECT_EQ(read(reader, "\n好的。\n```json\n{}\n```"), "好的。");
  EXPECT_TRUE(reader.schema_ignored());
  EXPECT_EQ(reader.turn(std::nullopt).rubric, "\n{}\n\n");
}

TEST(TurnReaderTest, a_block_in_prose_brings_the_rubric_and_two_are_a_problem) {
  TurnReader reader(Transport::prose);
  EXPECT_EQ(read(reader, "好。\n```rubric+json\n{}\n```\n"), "好。");
  EXPECT_EQ(reader.turn(std::nullopt).rubric, "\n{}\n\n");
  TurnReader none(Transport::prose);
  read(none, "好。");
  EXPECT_EQ(none.turn(std::nullopt).rubric, std::nullopt);
  EXPECT_EQ(none.turn(std::nullopt).problem, "");
  TurnReader two(Transport::prose);
  read(two, "```json\n1\n```\n```json\n2\n```");
  EXPECT_EQ(two.turn(std::nullopt).problem, "there must be one block only");
  TurnReader open(Transport::prose);
  read(open, "```json\n1");
  EXPECT_EQ(open.turn(std::nullopt).problem, "the block is not closed");
}

TEST(TurnReaderTest, no_control_character_reaches_the_teacher) {
  for (const auto transport : {Transport::tool, Transport::prose}) {
    TurnReader reader(transport);
    EXPECT_EQ(read(reader, std::string_view("a\0b\x1B[2J\r\nc", 10)), "ab[2J\nc");
  }
  TurnReader reader(Transport::schema);
  EXPECT_EQ(read(reader, R"({"reply":"a\u0000b\u001b\n"})"), "ab\n");
}

}  // namespace
}  // namespace rubricon::ai_http
