#include <rubricon/ai_http/completion.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

TEST(CompletionTest, text_calls_counts_and_the_end_are_gathered) {
  CompletionReader reader;
  const auto take = [&](const char* data) { return reader.take({.name = "", .data = data}); };
  EXPECT_FALSE(take(R"({"choices":[{"delta":{"role":"assistant","content":null}}]})")->token);
  const auto text =
      take(R"({"choices":[{"index":0,"delta":{"content":"好"},"finish_reason":null}]})");
  EXPECT_EQ(text->text, "好");
  EXPECT_TRUE(text->token);
  EXPECT_FALSE(reader.called());
  EXPECT_TRUE(take(R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","type":"function",
    "function":{"name":"set_rubric","arguments":"{\"a\""}}]}}]})")
                  ->token);
  take(R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}},
    {"index":1,"function":{"arguments":"second"}}]}}]})");
  EXPECT_EQ(reader.finish_reason(), "");
  take(R"({"choices":[{"delta":{},"finish_reason":"tool_calls"}]})");
  take(R"({"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":34}})");
  EXPECT_TRUE(reader.called());
  EXPECT_EQ(reader.call_arguments(), R"({"a":1})");
  EXPECT_EQ(reader.finish_reason(), "tool_calls");
  EXPECT_EQ(reader.tokens(), (TokenCounts{12, 34}));
}

TEST(CompletionTest, a_call_of_another_tool_is_read_over) {
  CompletionReader reader;
  for (const auto* name : {R"("name":"send_email",)", ""}) {
    const auto event = fmt::format(R"({{"choices":[{{"delta":{{"tool_calls":[)"
                                   R"({{"index":0,"function":{{{}"arguments":"x"}}}}]}}}}]}})",
                                   name);
    EXPECT_TRUE(reader.take({.name = "", .data = event})->token);
  }
  EXPECT_FALSE(reader.called());
  EXPECT_EQ(reader.call_arguments(), "");
}

TEST(CompletionTest, a_thought_is_a_token_and_no_text) {
  CompletionReader reader;
  for (const char* key : {"reasoning_content", "reasoning"}) {
    const auto delta =
        reader.take({"", std::string(R"({"choices":[{"delta":{")") + key + R"(":"hm"}}]})"});
    EXPECT_TRUE(delta->token);
    EXPECT_EQ(delta->text, "");
  }
}

TEST(CompletionTest, what_is_no_completion_is_malformed) {
  CompletionReader reader;
  for (const char* data : {"garbage", "[]", "7", "{\"choices\":", "{\"a\":\"\xFF\"}",
                           R"({"choices":[{"delta":{"content":"\ud83d"}}]})"}) {
    const auto delta = reader.take({"", data});
    ASSERT_FALSE(delta.has_value()) << data;
    EXPECT_EQ(delta.error().kind, StreamError::Kind::malformed);
  }
  for (const char* data : {"{}", R"({"choices":7})", R"({"choices":[7]})",
                           R"({"choices":[{"delta":{"content":7,"tool_calls":[7]}}]})"}) {
    EXPECT_EQ(reader.take({"", data})->text, "") << data;
  }
}

TEST(CompletionTest, an_error_in_the_stream_is_reported_with_its_words) {
  CompletionReader reader;
  auto delta = reader.take({"", R"({"error":{"message":"slow\ndown","code":429}})"});
  ASSERT_FALSE(delta.has_value());
  EXPECT_EQ(delta.error(), (StreamError{StreamError::Kind::reported, 429, "slow down"}));
  delta = reader.take({"error", "broken pipe"});
  ASSERT_FALSE(delta.has_value());
  EXPECT_EQ(delta.error().message, "broken pipe");
  EXPECT_TRUE(reader.take({"", R"({"error":null,"choices":[]})"}).has_value());
}

TEST(CompletionTest, the_words_of_an_error_are_found_in_every_usual_place) {
  EXPECT_EQ(error_message(R"({"error":{"message":"a"}})"), "a");
  EXPECT_EQ(error_message(R"({"error":"b"})"), "b");
  EXPECT_EQ(error_message(R"({"object":"error","message":"c"})"), "c");
  EXPECT_EQ(error_message(R"({"detail":"d"})"), "d");
  EXPECT_EQ(error_message("<html>\n no"), "<html>  no");
  std::string long_text = "a";
  for (int i = 0; i < 200; ++i) long_text += "評";
  EXPECT_EQ(error_message(long_text).size(), 298u) << "whole characters, at most 300 bytes";
}

}  // namespace
}  // namespace rubricon::ai_http
