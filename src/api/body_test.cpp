#include <rubricon/api/body.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

std::string reason(std::string_view body) {
  const auto result = parse_object(body);
  return result ? "accepted" : result.error().reason;
}

TEST(Body, AcceptsAnObject) {
  const auto object = parse_object(R"( {"a": "評分 \ud83d\ude00", "b": [1, -2.5, true, null]} )");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->at("a").as_string(), "評分 😀");
  EXPECT_EQ(object->at("b").as_array().size(), 4u);
  EXPECT_EQ(reason("{}"), "accepted");
}

TEST(Body, RefusesWhatIsNotJson) {
  for (const char* body :
       {"", " ", "{", "}", "{]", "{a:1}", "{'a':1}", R"({"a":1,})", R"({"a"})", R"({"a":1} {})",
        R"({"a":01})", R"({"a":1e999})", R"({"a":-1e999})", R"({"a":NaN})", "{} // comment",
        R"({"a":"\x"})", R"({"a":"\ud800"})", "{\"a\":\"\n\"}"}) {
    EXPECT_EQ(reason(body), "malformed_json") << body;
  }
}

TEST(Body, RefusesValuesThatAreNotObjects) {
  for (const char* body : {"[]", "1", "\"x\"", "null", "true"}) {
    EXPECT_EQ(reason(body), "invalid_type") << body;
  }
}

TEST(Body, RefusesBadUtf8AndNul) {
  EXPECT_EQ(reason("{\"a\":\"\xff\"}"), "invalid_utf8");
  EXPECT_EQ(reason("{\"a\":\"\xc0\x80\"}"), "invalid_utf8");
  EXPECT_EQ(reason("{\"a\":\"\xed\xa0\x80\"}"), "invalid_utf8");
  EXPECT_EQ(reason(std::string_view("{\"a\":\"\0\"}", 9)), "nul");
  EXPECT_EQ(reason(R"({"a":"x\u0000y"})"), "nul");
  EXPECT_EQ(reason(R"({"a\u0000":1})"), "nul");
}

// Two parsers that disagree about which of two equal names counts are a hole (S32).
TEST(Body, RefusesANameThatComesTwice) {
  EXPECT_EQ(reason(R"({"a":1,"a":1})"), "duplicate_field");
  EXPECT_EQ(reason(R"({"a":1,"b":{"x":1,"y":2,"x":3}})"), "duplicate_field");
  EXPECT_EQ(reason(R"({"a":1,"\u0061":2})"), "duplicate_field");
  EXPECT_EQ(reason(R"({"a":[{"x":1},{"x":1}],"b":{"a":1}})"), "accepted");
}

TEST(Body, RefusesMoreThanThirtyTwoLevels) {
  const auto nested = [](int levels) {
    return R"({"a":)" + std::string(static_cast<std::size_t>(levels), '[') +
           std::string(static_cast<std::size_t>(levels), ']') + "}";
  };
  EXPECT_EQ(reason(nested(31)), "accepted");
  EXPECT_EQ(reason(nested(32)), "too_deep");
  EXPECT_EQ(reason(R"({"a":)" + std::string(60'000, '[')), "too_deep");
}

// A text longer than the parser's own buffer arrives in parts.
TEST(Body, LongTextsAndNamesComeWhole) {
  const std::string text(50'000, 'x');
  const auto object = parse_object("{\"" + text + "\":\"" + text + R"(\n"})");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->at(text).as_string(), text + "\n");
}

TEST(Body, ContentTypesThatMeanJson) {
  for (const char* type : {"application/json", "Application/JSON",
                           "application/json; charset=utf-8", "application/json;charset=UTF-8",
                           "application/json ; charset=\"utf-8\"", "application/json;"}) {
    EXPECT_TRUE(is_json_content_type(type)) << type;
  }
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
        "application/jsonp", "text/json", "application/json; charset=big5",
        "application/problem+json", "text/plain; application/json"}) {
    EXPECT_FALSE(is_json_content_type(type)) << type;
  }
}

TEST(ContentType, OfFilesIsAnyButAForms) {
  for (const char* type :
       {"application/octet-stream", "text/csv; charset=big5", "a/b", "application/json"}) {
    EXPECT_TRUE(is_file_content_type(type)) << type;
  }
  for (const char* type :
       {"", "csv", "/", "text/", "text/plain", "application/x-www-form-urlencoded",
        "Multipart/Form-Data; x=y", "APPLICATION/X-WWW-FORM-URLENCODED ;charset=utf-8"}) {
    EXPECT_FALSE(is_file_content_type(type)) << type;
  }
}

}  // namespace
}  // namespace rubricon::api
