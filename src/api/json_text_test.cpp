#include <rubricon/api/json_text.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace rubricon::api {
namespace {

TEST(JsonText, PutsCommasBetweenMembersAndElementsOnly) {
  JsonText json;
  json.begin_object().key("a").number(1).key("b").begin_array();
  json.begin_object().end_object().truth(true).null().raw(R"({"x":1})").end_array();
  json.key("c").text("").end_object();
  EXPECT_EQ(json.take(), R"({"a":1,"b":[{},true,null,{"x":1}],"c":""})");
}

// Texts that end in brackets or colons must not confuse the commas.
TEST(JsonText, IsNotConfusedByWhatTextsEndWith) {
  JsonText json;
  json.begin_array().text("{").text("[").text(":").raw("[]").text("x").end_array();
  EXPECT_EQ(json.take(), R"(["{","[",":",[],"x"])");
}

TEST(JsonText, EscapesSoThatEveryTextComesBack) {
  std::string every;
  for (int c = 1; c < 0x80; ++c) every += static_cast<char>(c);
  every += "評分規準 😀";
  JsonText json;
  json.text(every);
  EXPECT_EQ(boost::json::parse(json.take()).as_string(), every);
}

}  // namespace
}  // namespace rubricon::api
