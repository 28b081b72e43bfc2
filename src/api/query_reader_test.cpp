#include <rubricon/api/query_reader.hpp>

#include <rubricon/domain/text.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

net::HttpHead with_query(std::string query) {
  net::HttpHead head;
  head.query = std::move(query);
  return head;
}

std::string reason(std::string query) {
  QueryReader reader(with_query(std::move(query)), {"limit", "q"});
  (void)reader.integer("limit", 1, 100);
  (void)reader.text("q", 20);
  const auto result = reader.finish();
  return result ? "accepted" : result.error().reason;
}

TEST(QueryReader, ReadsWhatIsThere) {
  QueryReader reader(with_query("limit=20&q=%E8%A9%95%E5%88%86+x"), {"limit", "q", "cursor"});
  EXPECT_EQ(reader.integer("limit", 1, 100), 20);
  EXPECT_EQ(reader.text("q", 20), "評分 x");
  EXPECT_EQ(reader.text("cursor", 20), std::nullopt);
  EXPECT_TRUE(reader.finish());
  EXPECT_EQ(reason(""), "accepted");
}

TEST(QueryReader, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(reason("limti=3"), "unknown_parameter");
  EXPECT_EQ(reason("limit=3&userId=1"), "unknown_parameter");
  EXPECT_EQ(reason("%ff=1"), "unknown_parameter");
  QueryReader reader(with_query("%ff%00=1"), {});
  EXPECT_TRUE(domain::is_utf8(reader.finish().error().fields[0].field));
}

TEST(QueryReader, RefusesValuesOutOfRangeOrOfAnotherKind) {
  for (const char* value :
       {"0", "101", "-1", "1.5", "x", "", "+5", " 5", "5x", "0x10", "99999999999999999999"}) {
    EXPECT_EQ(reason(std::string("limit=") + value), "invalid_parameter") << value;
  }
  for (const char* value : {"%00", "%0a", "%ff", "aaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_EQ(reason(std::string("q=") + value), "invalid_parameter") << value;
  }
  EXPECT_EQ(reason("limit=1&limit=2"), "invalid_parameter");
}

}  // namespace
}  // namespace rubricon::api
