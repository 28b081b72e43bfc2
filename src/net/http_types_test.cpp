#include <rubricon/net/http_types.hpp>

#include <gtest/gtest.h>

namespace rubricon::net {
namespace {

TEST(HttpHeadersTest, finds_fields_whatever_their_case) {
  HttpHeaders headers{{"Content-Type", "text/plain"}, {"X-A", "1"}, {"x-a", "2"}};
  EXPECT_EQ(headers.get("CONTENT-type"), "text/plain");
  EXPECT_EQ(headers.get("X-a"), "1");
  EXPECT_EQ(headers.count("x-A"), 2u);
  EXPECT_EQ(headers.get("Content"), std::nullopt);
  headers.set("x-a", "3");
  EXPECT_EQ(headers.count("X-A"), 1u);
  headers.remove("Content-Type");
  EXPECT_EQ(headers, (HttpHeaders{{"x-a", "3"}}));
}

TEST(HttpHeadersTest, looks_for_tokens_in_all_lists_of_a_name) {
  const HttpHeaders headers{{"Connection", "keep-alive, Upgrade"}, {"connection", " ,x ;, Foo "}};
  EXPECT_TRUE(headers.has_token("Connection", "upgrade"));
  EXPECT_TRUE(headers.has_token("Connection", "KEEP-ALIVE"));
  EXPECT_TRUE(headers.has_token("Connection", "foo"));
  EXPECT_FALSE(headers.has_token("Connection", "grade"));
  EXPECT_FALSE(headers.has_token("Connection", "x"));
}

TEST(HttpHeadTest, parses_a_whole_query_in_order) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(parse_query("a=1&&b=2=3&a=%E8%A9%95"), (Pairs{{"a", "1"}, {"b", "2=3"}, {"a", "評"}}));
  EXPECT_EQ(parse_query(""), Pairs());
  EXPECT_EQ(parse_query("&"), Pairs());
}

TEST(HttpHeadTest, finds_cookies) {
  HttpHead head;
  head.headers = {{"Cookie", "a=1; refresh=x=y ;b=\"q\""}, {"Cookie", "c=3"}};
  EXPECT_EQ(head.cookie("a"), "1");
  EXPECT_EQ(head.cookie("refresh"), "x=y");
  EXPECT_EQ(head.cookie("b"), "\"q\"");
  EXPECT_EQ(head.cookie("c"), "3");
  EXPECT_EQ(head.cookie("A"), std::nullopt);
  EXPECT_EQ(head.cookie("resh"), std::nullopt);
}

TEST(PercentDecodeTest, keeps_broken_escapes_as_text) {
  EXPECT_EQ(percent_decode("%41%4a%4A+%2B", PlusSign::space), "AJJ +");
  EXPECT_EQ(percent_decode("+", PlusSign::literal), "+");
  EXPECT_EQ(percent_decode("%", PlusSign::literal), "%");
  EXPECT_EQ(percent_decode("%4", PlusSign::literal), "%4");
  EXPECT_EQ(percent_decode("%g1%1g", PlusSign::literal), "%g1%1g");
}

TEST(ProblemResponseTest, is_a_problem_document) {
  auto response = problem_response(404, "not_found");
  write_problem(response, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.body.view(),
            R"({"type":"about:blank","title":"Not Found","status":404,"code":"not_found",)"
            R"("detail":"There is nothing here, or not for you.",)"
            R"("traceId":"4bf92f3577b34da6a3ce929d0e0e4736"})");
}

TEST(BodyErrorTest, each_becomes_a_result_that_says_which) {
  EXPECT_EQ(to_error(BodyError::too_large).code, base::ErrorCode::too_large);
  EXPECT_EQ(to_error(BodyError::malformed).reason, "malformed_body");
  EXPECT_EQ(to_error(BodyError::too_slow).reason, "body_timeout");
  EXPECT_EQ(to_error(BodyError::disconnected).reason, "disconnected");
}

}  // namespace
}  // namespace rubricon::net
