#include <rubricon/api/origins.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

const Origins origins({"https://good.example", "http://localhost:3000"});

net::HttpHead head(std::initializer_list<net::HttpHeader> headers) {
  net::HttpHead result;
  result.headers = headers;
  return result;
}

std::string verdict(std::initializer_list<net::HttpHeader> headers) {
  const auto result = origins.check(head(headers));
  return result ? "allowed" : result.error().reason;
}

TEST(Origins, ChangesComeFromAllowedPagesOrFromNoPageAtAll) {
  EXPECT_EQ(verdict({{"Origin", "https://good.example"}}), "allowed");
  EXPECT_EQ(verdict({}), "allowed");
  EXPECT_EQ(verdict({{"Sec-Fetch-Site", "same-origin"}}), "allowed");
  EXPECT_EQ(verdict({{"Sec-Fetch-Site", "cross-site"}}), "cross_site");
}

// S7's list: what looks like an allowed origin and is none.
TEST(Origins, OnlyTheExactOriginIsAllowed) {
  for (const char* origin :
       {"null", "", "https://good.example.evil.com", "https://evil.com/https://good.example",
        "https://evilgood.example", "http://good.example", "https://good.example:444",
        "https://good.example/", "HTTPS://GOOD.EXAMPLE", "https://sub.good.example", "*"}) {
    EXPECT_EQ(verdict({{"Origin", origin}}), "origin_not_allowed") << origin;
  }
  EXPECT_EQ(verdict({{"Origin", "https://good.example"}, {"Origin", "https://evil.example"}}),
            "origin_not_allowed");
}

TEST(Origins, CorsNamesTheAllowedOriginAndNeverReflectsAnother) {
  const auto allowed = origins.preflight(head({{"Origin", "https://good.example"}}));
  EXPECT_EQ(allowed.status, 204u);
  EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Origin"), "https://good.example");
  EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Credentials"), "true");
  EXPECT_TRUE(allowed.headers.has_token("Access-Control-Allow-Headers", "authorization"));
  const auto refused = origins.preflight(head({{"Origin", "https://evil.example"}}));
  EXPECT_FALSE(refused.headers.contains("Access-Control-Allow-Origin"));
  EXPECT_FALSE(refused.headers.contains("Access-Control-Allow-Methods"));
  EXPECT_TRUE(refused.headers.has_token("Vary", "Origin"));
}

}  // namespace
}  // namespace rubricon::api
