#include <rubricon/net/security_headers.hpp>

#include <gtest/gtest.h>

namespace rubricon::net {
namespace {

TEST(SecurityHeaders, allow_nothing_to_run_and_nobody_to_frame) {
  const auto headers = security_headers(PublicScheme::http);
  EXPECT_TRUE(headers.get("Content-Security-Policy")->contains("default-src 'none'"));
  EXPECT_TRUE(headers.get("Content-Security-Policy")->contains("frame-ancestors 'none'"));
  EXPECT_EQ(headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(headers.get("Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_EQ(headers.get("Referrer-Policy"), "same-origin");
}

// A browser that was once told so cannot go back to http, so a server on http must not say it.
TEST(SecurityHeaders, insist_on_https_only_where_there_is_https) {
  EXPECT_FALSE(security_headers(PublicScheme::http).contains("Strict-Transport-Security"));
  EXPECT_EQ(security_headers(PublicScheme::https).get("Strict-Transport-Security"),
            "max-age=31536000");
}

TEST(SecurityHeaders, the_page_runs_its_own_files_and_no_inline_code) {
  auto headers = security_headers(PublicScheme::https);
  add_page_policy(headers);
  ASSERT_EQ(headers.count("Content-Security-Policy"), 1u);
  const auto policy = *headers.get("Content-Security-Policy");
  EXPECT_TRUE(policy.contains("script-src 'self';"));
  EXPECT_TRUE(policy.contains("frame-ancestors 'none'"));
  EXPECT_FALSE(policy.contains("unsafe"));
}

}  // namespace
}  // namespace rubricon::net
