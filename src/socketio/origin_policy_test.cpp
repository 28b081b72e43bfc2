#include <rubricon/socketio/origin_policy.hpp>

#include <gtest/gtest.h>

namespace rubricon::socketio {
namespace {

const OriginPolicy closed{};
const OriginPolicy open{.kind = OriginPolicy::Kind::any, .allowed = {}};
const OriginPolicy listed{.kind = OriginPolicy::Kind::list, .allowed = {"https://a.example"}};

TEST(OriginPolicy, without_cors_admits_pages_of_the_same_host_only) {
  EXPECT_TRUE(allows_websocket(closed, "http://127.0.0.1:3000", "127.0.0.1:3000"));
  EXPECT_TRUE(allows_websocket(closed, "https://School.Example", "school.example"));
  EXPECT_FALSE(allows_websocket(closed, "http://127.0.0.1:3001", "127.0.0.1:3000"));
  EXPECT_FALSE(allows_websocket(closed, "null", "127.0.0.1:3000"));
  EXPECT_FALSE(allows_websocket(closed, "http://", ""));
  EXPECT_TRUE(cors_headers(closed, "https://a.example").empty());
  EXPECT_TRUE(preflight_headers(closed, "https://a.example", "x").empty());
}

// Goal: programs send no Origin and are told apart by their tokens instead.
TEST(OriginPolicy, never_refuses_requests_without_origin) {
  for (const auto* policy : {&closed, &open, &listed}) {
    EXPECT_TRUE(allows_websocket(*policy, "", "host"));
    EXPECT_TRUE(allows_polling(*policy, ""));
  }
}

// Goal: reference 1.11, the headers of both cases.
TEST(OriginPolicy, answers_a_listed_origin_and_not_another) {
  const HeaderList matching = {{"Access-Control-Allow-Origin", "https://a.example"},
                               {"Vary", "Origin"},
                               {"Access-Control-Allow-Credentials", "true"}};
  const HeaderList other = {{"Vary", "Origin"}, {"Access-Control-Allow-Credentials", "true"}};
  EXPECT_EQ(cors_headers(listed, "https://a.example"), matching);
  EXPECT_EQ(cors_headers(listed, "https://b.example"), other);
  EXPECT_TRUE(allows_websocket(listed, "https://a.example", "b"));
  EXPECT_FALSE(allows_websocket(listed, "https://a.example.evil", "b"));
}

// Goal: S7 of docs/security.md, the whole origin and nothing but it, by both transports.
TEST(OriginPolicy, compares_the_whole_origin_exactly) {
  for (const char* origin :
       {"https://a.example.evil", "https://evil.a.example", "https://a.example:443",
        "https://a.example/", "http://a.example", "https://A.example", "a.example", "null", " "}) {
    EXPECT_FALSE(allows_websocket(listed, origin, "a.example")) << origin;
    EXPECT_FALSE(allows_polling(listed, origin)) << origin;
  }
  EXPECT_TRUE(allows_polling(listed, "https://a.example"));
}

// Goal: official servers let any page poll unless there is a list.
TEST(OriginPolicy, without_a_list_polling_is_left_to_the_browser) {
  EXPECT_TRUE(allows_polling(closed, "https://b.example"));
  EXPECT_TRUE(allows_polling(open, "https://b.example"));
}

TEST(OriginPolicy, of_any_origin_gives_no_credentials) {
  EXPECT_EQ(cors_headers(open, "https://b"), (HeaderList{{"Access-Control-Allow-Origin", "*"}}));
  EXPECT_TRUE(allows_websocket(open, "https://b", "c"));
}

// Goal: reference 1.11, the preflight.
TEST(OriginPolicy, answers_a_preflight) {
  const HeaderList expected = {{"Access-Control-Allow-Origin", "https://a.example"},
                               {"Vary", "Origin, Access-Control-Request-Headers"},
                               {"Access-Control-Allow-Credentials", "true"},
                               {"Access-Control-Allow-Methods", "GET,POST"},
                               {"Access-Control-Allow-Headers", "x-token"}};
  EXPECT_EQ(preflight_headers(listed, "https://a.example", "x-token"), expected);
}

TEST(OriginPolicy, knows_characters_that_no_origin_has) {
  EXPECT_TRUE(is_valid_origin("https://a.example"));
  EXPECT_FALSE(is_valid_origin("https://a\x01"));
  EXPECT_FALSE(is_valid_origin("a\x7f"));
}

}  // namespace
}  // namespace rubricon::socketio
