#include <rubricon/redis/address.hpp>

#include <gtest/gtest.h>

namespace rubricon::redis {
namespace {

TEST(RedisAddress, reads_what_people_write) {
  EXPECT_EQ(parse_address("redis://cache"), (Address{.host = "cache"}));
  EXPECT_EQ(parse_address("redis://cache:7000/3"),
            (Address{.host = "cache", .port = 7000, .database = 3}));
  EXPECT_EQ(parse_address("redis://cache/"), (Address{.host = "cache"}));
  EXPECT_EQ(parse_address("redis://:p%40ss%2Fw@[::1]:7000"),
            (Address{.host = "::1", .port = 7000, .password = "p@ss/w"}));
  EXPECT_EQ(parse_address("redis://ann:a/b@c@cache/2"),
            (Address{.host = "cache", .user = "ann", .password = "a/b@c", .database = 2}));
  EXPECT_EQ(parse_address("unix:///run/redis.sock?db=4"),
            (Address{.unix_path = "/run/redis.sock", .database = 4}));
  EXPECT_EQ(parse_address("unix://ann:secret@/run/redis.sock"),
            (Address{.unix_path = "/run/redis.sock", .user = "ann", .password = "secret"}));
}

TEST(RedisAddress, refuses_the_rest_and_repeats_nothing_of_it) {
  for (const auto* url : {"",
                          "redis",
                          "http://secret",
                          "rediss://secret@h",
                          "redis://",
                          "redis://:7000",
                          "redis://secret@h",
                          "redis://u:@h",
                          "redis://u:%secret@h",
                          "redis://u:%2@h",
                          "redis://h:secret",
                          "redis://h:0",
                          "redis://h:99999",
                          "redis://h/secret",
                          "redis://h/-1",
                          "redis://h/999999",
                          "redis://[::1",
                          "redis://[::1]secret",
                          "unix://secret",
                          "unix:///secret?db=x",
                          "redis://h/1/2"}) {
    const auto address = parse_address(url);
    ASSERT_FALSE(address) << url;
    EXPECT_EQ(address.error().detail.find("secret"), std::string::npos) << address.error().detail;
  }
}

TEST(RedisAddress, tells_logs_neither_user_nor_password) {
  EXPECT_EQ(parse_address("redis://ann:secret@cache:7000/3")->to_string(), "redis://cache:7000/3");
  EXPECT_EQ(parse_address("redis://:secret@[::1]")->to_string(), "redis://[::1]:6379/0");
  EXPECT_EQ(parse_address("unix://:secret@/a?db=1")->to_string(), "unix:///a?db=1");
}

}  // namespace
}  // namespace rubricon::redis
