#include <rubricon/socketio/handshake.hpp>

#include <gtest/gtest.h>

namespace rubricon::socketio {
namespace {

TEST(Query, decodes_names_and_values_in_order) {
  const auto query = Query::parse("EIO=4&na%20me=a+b%2B%E8%A9%95&flag&&empty=");
  ASSERT_EQ(query.items().size(), 4u);
  EXPECT_EQ(*query.find("EIO"), "4");
  EXPECT_EQ(*query.find("na me"), "a b+評");
  EXPECT_EQ(*query.find("flag"), "");
  EXPECT_EQ(*query.find("empty"), "");
  EXPECT_EQ(query.find("absent"), nullptr);
}

// Goal: reference 1.2, duplicate keys: the last one wins.
TEST(Query, gives_the_last_of_equal_names) {
  EXPECT_EQ(*Query::parse("EIO=4&EIO=3").find("EIO"), "3");
}

// Goal: reference 1.2, broken escapes are tolerated.
TEST(Query, leaves_broken_escapes_as_they_are) {
  const auto query = Query::parse("a=%&b=%4&c=%zz&d=%%41&e=%4g");
  EXPECT_EQ(*query.find("a"), "%");
  EXPECT_EQ(*query.find("b"), "%4");
  EXPECT_EQ(*query.find("c"), "%zz");
  EXPECT_EQ(*query.find("d"), "%A");
  EXPECT_EQ(*query.find("e"), "%4g");
}

TEST(Handshake, finds_headers_by_lower_case_name) {
  Handshake handshake;
  handshake.headers = {{"origin", "https://a"}, {"origin", "https://b"}};
  EXPECT_EQ(handshake.header("origin"), "https://a");
  EXPECT_EQ(handshake.header("cookie"), "");
}

}  // namespace
}  // namespace rubricon::socketio
