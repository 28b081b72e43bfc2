#include <rubricon/ai_http/chat_request.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace rubricon::ai_http {
namespace {

namespace json = boost::json;

json::object body(const Dialect& dialect) {
  return json::parse(
             request_body(
                 "m", {{ChatMessage::Role::system, "s"}, {ChatMessage::Role::user, "評分\n\"x\""}},
                 dialect, 99))
      .as_object();
}

TEST(ChatRequestTest, each_transport_asks_in_its_own_way) {
  const auto tool = body({.transport = Transport::tool});
  EXPECT_EQ(tool.at("model"), "m");
  EXPECT_EQ(tool.at("stream"), true);
  EXPECT_EQ(tool.at("messages").at(1).at("content"), "評分\n\"x\"");
  EXPECT_EQ(tool.at("messages").at(0).at("role"), "system");
  const auto& function = tool.at("tools").at(0).at("function");
  EXPECT_EQ(function.at("name"), "set_rubric");
  EXPECT_TRUE(function.at("parameters")
                  .at("properties")
                  .at("rubric")
                  .at("properties")
                  .as_object()
                  .contains("criteria"));
  EXPECT_FALSE(tool.contains("response_format"));

  const auto schema = body({.transport = Transport::schema});
  EXPECT_EQ(schema.at("response_format").at("type"), "json_schema");
  const auto& properties =
      schema.at("response_format").at("json_schema").at("schema").at("properties").as_object();
  EXPECT_EQ(properties.begin()->key(), "reply") << "it can only stream when it is first";
  EXPECT_FALSE(schema.contains("tools"));

  const auto prose = body({.transport = Transport::prose});
  EXPECT_FALSE(prose.contains("tools"));
  EXPECT_FALSE(prose.contains("response_format"));
}

TEST(ChatRequestTest, the_limit_and_the_counts_are_asked_for_as_the_endpoint_likes_it) {
  EXPECT_EQ(body({}).at("max_tokens"), 99);
  EXPECT_EQ(body({}).at("stream_options").at("include_usage"), true);
  const auto newer = body({.token_limit = TokenLimit::max_completion_tokens, .usage = false});
  EXPECT_EQ(newer.at("max_completion_tokens"), 99);
  EXPECT_FALSE(newer.contains("max_tokens"));
  EXPECT_FALSE(newer.contains("stream_options"));
  EXPECT_FALSE(body({.token_limit = TokenLimit::none}).contains("max_tokens"));
}

TEST(ChatRequestTest, what_servers_say_of_tools_they_lack_leads_to_json) {
  const Dialect expected{.transport = Transport::schema};
  const std::pair<int, const char*> answers[] = {
      {400, R"({"error":{"message":"gemma3:4b does not support tools"}})"},
      {500, R"({"error":{"code":500,"message":"tools param requires --jinja flag"}})"},
      {500, R"({"code":500,"message":"Unsupported param: tools","type":"server_error"})"},
      {400, R"({"message":"\"auto\" tool choice requires --enable-auto-tool-choice"})"},
      {404, R"({"error":{"message":"No endpoints found that support tool use"}})"},
      {422, R"({"detail":[{"loc":["body","tools"],"msg":"Extra inputs are not permitted"}]})"},
  };
  for (const auto& [status, text] : answers) {
    EXPECT_EQ(dialect_after({}, status, text), expected) << text;
  }
}

TEST(ChatRequestTest, what_servers_say_of_schemas_they_lack_leads_to_prose) {
  const Dialect dialect{.transport = Transport::schema};
  const Dialect expected{.transport = Transport::prose};
  const std::pair<int, const char*> answers[] = {
      {400, R"({"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema')"
            R"( is not supported with this model."}})"},
      {400, R"({"error":{"message":"This response_format type is unavailable now"}})"},
      {400, R"({"error":"'response_format.type' must be 'text'"})"},
      {400, R"({"error":{"message":"Failed to parse grammar"}})"},
  };
  for (const auto& [status, text] : answers) {
    EXPECT_EQ(dialect_after(dialect, status, text), expected) << text;
  }
  EXPECT_EQ(dialect_after(expected, 400, "response_format and tools"), std::nullopt)
      << "after prose there is nothing";
}

TEST(ChatRequestTest, a_limit_that_is_not_understood_is_asked_for_otherwise) {
  auto next = dialect_after({}, 400,
                            "Unsupported parameter: 'max_tokens' is not supported with "
                            "this model. Use 'max_completion_tokens' instead.");
  EXPECT_EQ(next, (Dialect{.token_limit = TokenLimit::max_completion_tokens}));
  next = dialect_after(*next, 400, "'max_completion_tokens': Extra inputs are not permitted");
  EXPECT_EQ(next, (Dialect{.token_limit = TokenLimit::none}));
  EXPECT_EQ(dialect_after({}, 400, "max_tokens is too large: 8192"),
            (Dialect{.token_limit = TokenLimit::none}));
  EXPECT_EQ(dialect_after({}, 400, "unknown field \"stream_options\""), (Dialect{.usage = false}));
}

TEST(ChatRequestTest, a_context_too_small_for_our_limit_is_asked_without_one) {
  constexpr auto said =
      "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (808 "
      "in the messages, 8192 in the completion).";
  const auto next = dialect_after({}, 400, said);
  EXPECT_EQ(next, (Dialect{.token_limit = TokenLimit::none}));
  EXPECT_EQ(dialect_after(*next, 400, said), std::nullopt);
}

TEST(ChatRequestTest, other_refusals_change_nothing) {
  EXPECT_EQ(dialect_after({}, 401, "Incorrect API key provided; tools"), std::nullopt);
  EXPECT_EQ(dialect_after({}, 429, "too many tool calls"), std::nullopt);
  EXPECT_EQ(dialect_after({}, 503, "tools"), std::nullopt);
  EXPECT_EQ(dialect_after({}, 404, "the model `x` does not exist"), std::nullopt);
  EXPECT_EQ(dialect_after({}, 500, "CUDA out of memory"), std::nullopt);
  EXPECT_EQ(dialect_after({}, 400,
                          "This model's maximum context length is 8192 tokens. However, "
                          "you requested 10000 tokens (100 in the functions)"),
            std::nullopt);
}

}  // namespace
}  // namespace rubricon::ai_http
