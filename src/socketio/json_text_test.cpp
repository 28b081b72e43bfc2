#include <rubricon/socketio/json_text.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace rubricon::socketio {
namespace {

namespace json = boost::json;

std::string round_trip(std::string_view text) {
  const auto value = parse_json(text, {});
  if (!value) return "refused";
  std::string out;
  append_json(out, *value);
  return out;
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

// Goal: what a JavaScript client wrote comes back as it would write it itself.
TEST(JsonText, writes_what_javascript_writes) {
  for (const std::string text :
       {R"(["a",1,-2,true,false,null,{"k":[{}],"l":[]}])", R"("\"\\\n\t\r\b\f\u0001")", "1.5",
        "0.1", "1e+21", "-1.25e-07", "\"評分 é 😀\"", "{}", "[]"}) {
    EXPECT_EQ(round_trip(text), text);
  }
  EXPECT_EQ(round_trip("1.0"), "1");
  EXPECT_EQ(round_trip(" [ 1 , 2 ] "), "[1,2]");
}

// Goal: 64-bit integers survive, although JavaScript could not hold them.
TEST(JsonText, keeps_all_64_bits_of_integers) {
  EXPECT_EQ(round_trip("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(round_trip("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(round_trip("9007199254740993"), "9007199254740993");
}

TEST(JsonText, writes_null_for_numbers_that_are_not_finite) {
  std::string out;
  append_json(out, json::value(std::numeric_limits<double>::infinity()));
  append_json(out, json::value(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(out, "nullnull");
}

// Goal: half a character in an escape neither fails the message nor leaves as bad UTF-8.
TEST(JsonText, replaces_lone_surrogates) {
  EXPECT_EQ(round_trip(R"("\ud800")"), "\"\uFFFD\"");
  EXPECT_EQ(round_trip(R"("\udc00x")"), "\"\uFFFDx\"");
  EXPECT_EQ(round_trip(R"("\ud800\ud800\udc00")"), "\"\uFFFD\U00010000\"");
  EXPECT_EQ(round_trip(R"({"\uDBFF":1})"), "{\"\uFFFD\":1}");
  EXPECT_EQ(round_trip(R"("\\ud800")"), R"("\\ud800")");
  EXPECT_EQ(round_trip(R"("\ud83d\ude00")"), "\"😀\"");
}

TEST(JsonText, refuses_what_is_malformed) {
  for (const char* text : {"", "[", "]", "{\"a\"}", "[1,]", "01", "'a'", "[1] 2", "\"\\u12\"",
                           "\"\x80\"", "\"\xC0\xAF\"", "\"\n\"", "nul", "\"\\ud8", "\"\\"}) {
    EXPECT_EQ(round_trip(text), "refused") << text;
  }
}

// Goal: nesting that would exhaust a stack is refused; the documented limit itself is not.
TEST(JsonText, bounds_depth) {
  EXPECT_EQ(round_trip(nested(64)), nested(64));
  EXPECT_EQ(round_trip(nested(65)), "refused");
  EXPECT_EQ(round_trip(std::string(1'000'000, '[')), "refused");
  EXPECT_EQ(round_trip("[\"" + std::string(100, '[') + "\"]"),
            "[\"" + std::string(100, '[') + "\"]");
}

TEST(JsonText, bounds_the_number_of_values) {
  std::string text = "[0";
  for (int i = 0; i < 200'000; ++i) text += ",0";
  EXPECT_EQ(round_trip(text + "]"), "refused");
}

// Goal: writing is no recursion: values that the application nested deeply are written too.
TEST(JsonText, writes_values_of_any_depth) {
  json::value value = json::array();
  for (int i = 0; i < 999; ++i) value = json::array{std::move(value)};
  std::string out;
  append_json(out, value);
  EXPECT_EQ(out, nested(1'000));
}

}  // namespace
}  // namespace rubricon::socketio
