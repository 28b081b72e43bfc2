#include <rubricon/rest_client/target.hpp>

#include <gtest/gtest.h>

namespace rubricon::rest_client {
namespace {

TEST(Target, is_read_from_what_people_write) {
  const auto local = Target::parse("http://127.0.0.1:3000");
  ASSERT_TRUE(local);
  EXPECT_EQ(local->host, "127.0.0.1");
  EXPECT_EQ(local->port, "3000");
  EXPECT_EQ(local->authority, "127.0.0.1:3000");
  const auto six = Target::parse("http://[::1]:3000/");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, "3000");
  EXPECT_EQ(six->authority, "[::1]:3000");
  const auto name = Target::parse("http://rubricon.school.example");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->host, "rubricon.school.example");
  EXPECT_EQ(name->port, "80");
}

TEST(Target, is_nothing_else) {
  for (const auto* url :
       {"", "http://", "https://a", "a:80", "http://a/b", "http://a?b", "http://u@a",
        "http://a:", "http://a:b", "http://:80", "http://a:123456", "http://a b"}) {
    EXPECT_FALSE(Target::parse(url)) << url;
  }
}

}  // namespace
}  // namespace rubricon::rest_client
