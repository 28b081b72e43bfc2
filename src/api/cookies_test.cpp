#include <rubricon/api/cookies.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

net::HttpHead head(std::initializer_list<net::HttpHeader> headers) {
  net::HttpHead result;
  result.headers = headers;
  return result;
}

TEST(Cookies, AreSecureUnlessThePageIsOnPlainHttpLoopback) {
  for (const char* origin : {"http://localhost:3000", "http://127.0.0.1", "http://[::1]:3000"}) {
    EXPECT_EQ(cookie_kind(head({{"Origin", origin}})), CookieKind::loopback) << origin;
  }
  for (const char* origin : {"https://localhost:3000", "https://rubrics.example", "null",
                             "http://localhost.evil.example", "http://127.0.0.1.evil.example"}) {
    EXPECT_EQ(cookie_kind(head({{"Origin", origin}})), CookieKind::secure) << origin;
  }
  EXPECT_EQ(cookie_kind(head({{"Host", "localhost:3000"}})), CookieKind::loopback);
  EXPECT_EQ(cookie_kind(head({{"Host", "rubrics.example"}})), CookieKind::secure);
  EXPECT_EQ(cookie_kind(head({})), CookieKind::secure);
  auto proxied = head({{"Host", "localhost:3000"}});
  proxied.secure = true;
  EXPECT_EQ(cookie_kind(proxied), CookieKind::secure);
}

TEST(Cookies, CarryTheAttributesThatKeepThemIn) {
  EXPECT_EQ(set_refresh_cookie(CookieKind::secure, "abc", std::chrono::hours(1)),
            "__Host-rubricon-refresh=abc; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(clear_refresh_cookie(CookieKind::loopback),
            "rubricon-refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}

TEST(Cookies, OnlyWhatCanBeARefreshTokenIsTakenForOne) {
  const std::string token(43, 'a');
  const auto found = [](const std::string& cookies) {
    return refresh_cookie(head({{"Host", "rubrics.example"}, {"Cookie", cookies}})).has_value();
  };
  EXPECT_TRUE(found("x=1; __Host-rubricon-refresh=" + token));
  // A cookie that a neighbour on plain http could have planted does not count on https.
  EXPECT_FALSE(found("rubricon-refresh=" + token));
  EXPECT_FALSE(found("__Host-rubricon-refresh=" + token + "a"));
  EXPECT_FALSE(found("__Host-rubricon-refresh=" + std::string(42, 'a') + "*"));
  EXPECT_FALSE(found("__Host-rubricon-refresh="));
  EXPECT_FALSE(found(""));
}

}  // namespace
}  // namespace rubricon::api
