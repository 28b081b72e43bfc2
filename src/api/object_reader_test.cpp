#include <rubricon/api/object_reader.hpp>

#include <rubricon/domain/text.hpp>
#include <rubricon/domain/user.hpp>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace rubricon::api {
namespace {

boost::json::object object(const char* text) {
  return boost::json::parse(text).as_object();
}

TEST(ObjectReader, HandsOutFieldsOfTheRightType) {
  const auto body = object(R"({"t":"x","n":-7,"b":false,"o":{"k":1},"locale":"en"})");
  ObjectReader reader(body, {"t", "n", "b", "o", "locale", "absent"});
  EXPECT_EQ(reader.text("t"), "x");
  EXPECT_EQ(reader.integer("n"), -7);
  EXPECT_EQ(reader.truth("b"), false);
  EXPECT_EQ(reader.object("o")->size(), 1u);
  EXPECT_EQ(reader.one_of("locale", domain::parse_locale, "zh-TW, en"), domain::Locale::en);
  EXPECT_EQ(reader.text("absent"), std::nullopt);
  EXPECT_TRUE(reader.finish());
}

TEST(ObjectReader, ReportsEveryWrongTypeAndTakesNullForAWrongType) {
  for (const char* value : {"1", "true", "null", "[]", "{}", "1.5"}) {
    const auto body = object((R"({"t":)" + std::string(value) + "}").c_str());
    ObjectReader reader(body, {"t"});
    EXPECT_EQ(reader.text("t"), std::nullopt);
    EXPECT_EQ(reader.finish().error().reason, "invalid_type") << value;
  }
  for (const char* value : {R"("1")", "1.0", "1e3", "true", "null", "18446744073709551615"}) {
    const auto body = object((R"({"n":)" + std::string(value) + "}").c_str());
    ObjectReader reader(body, {"n"});
    EXPECT_EQ(reader.integer("n"), std::nullopt);
    EXPECT_EQ(reader.finish().error().reason, "invalid_type") << value;
  }
}

TEST(ObjectReader, OneAnswerNamesEverythingThatIsWrong) {
  const auto body = object(R"({"role":"ADMIN","email":"nobody","n":"x"})");
  ObjectReader reader(body, {"email", "n", "name"});
  reader.require({"email", "name"});
  EXPECT_FALSE(reader.parsed<domain::Email>("email"));
  EXPECT_FALSE(reader.integer("n"));
  const auto error = reader.finish().error();
  EXPECT_EQ(error.code, base::ErrorCode::invalid);
  EXPECT_EQ(error.reason, "unknown_field");
  ASSERT_EQ(error.fields.size(), 4u);
  EXPECT_EQ(error.fields[0].field, "role");
  EXPECT_EQ(error.fields[1], (base::FieldError{"name", "missing_field", "is required"}));
  EXPECT_EQ(error.fields[2].code, "invalid_email");
  EXPECT_EQ(error.fields[3].field, "n");
}

TEST(ObjectReader, ATextThatIsTooLongIsTooLarge) {
  const boost::json::object body{{"content", std::string(32'769, 'x')}};
  ObjectReader reader(body, {"content"});
  EXPECT_FALSE(reader.parsed<domain::MessageText>("content"));
  const auto error = reader.finish().error();
  EXPECT_EQ(error.code, base::ErrorCode::too_large);
  EXPECT_EQ(error.reason, "content_too_long");
}

TEST(ObjectReader, SendsBackOnlyTheBeginningOfLongNames) {
  std::string name;
  for (int i = 0; i < 1000; ++i) name += "評";
  const boost::json::object body{{name, 1}};
  ObjectReader reader(body, {});
  const auto error = reader.finish().error();
  EXPECT_LT(error.fields[0].field.size(), 80u);
  EXPECT_TRUE(domain::is_utf8(error.fields[0].field));
}

TEST(ObjectReader, AnEmptyPatchIsAsked) {
  const boost::json::object body;
  ObjectReader reader(body, {"a"});
  reader.require_any();
  EXPECT_EQ(reader.finish().error().reason, "missing_field");
}

}  // namespace
}  // namespace rubricon::api
