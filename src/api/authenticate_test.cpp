#include <rubricon/api/authenticate.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

using base::ErrorCode;
using base::fail;

class OneToken final : public ports::TokenVerifier {
 public:
  base::Result<domain::Identity> verify(std::string_view token) const override {
    if (token == "good") return domain::Identity{};
    if (token == "old") return fail(ErrorCode::token_expired);
    if (token == "revoked") return fail(ErrorCode::unauthenticated, {}, "session_revoked");
    return fail(ErrorCode::unauthenticated, {}, "bad_signature");
  }
};

std::string outcome(std::initializer_list<net::HttpHeader> headers) {
  net::HttpHead head;
  head.headers = headers;
  const auto identity = authenticate(head, OneToken());
  if (identity) return "in";
  const auto& error = identity.error();
  return error.reason.empty() ? base::to_string(error.code) : error.reason;
}

TEST(Authenticate, TakesExactlyOneBearerToken) {
  EXPECT_EQ(outcome({{"Authorization", "Bearer good"}}), "in");
  EXPECT_EQ(outcome({{"authorization", "bearer good"}}), "in");
  EXPECT_EQ(outcome({}), "token_missing");
  EXPECT_EQ(outcome({{"Authorization", "Bearer "}}), "token_missing");
  EXPECT_EQ(outcome({{"Authorization", "Bearer"}}), "token_missing");
  EXPECT_EQ(outcome({{"Authorization", "good"}}), "token_missing");
  EXPECT_EQ(outcome({{"Authorization", "Basic Z29vZA=="}}), "token_missing");
  EXPECT_EQ(outcome({{"Cookie", "token=good"}}), "token_missing");
  // Two headers: a proxy and we might read different ones.
  EXPECT_EQ(outcome({{"Authorization", "Bearer good"}, {"Authorization", "Bearer good"}}),
            "token_missing");
}

TEST(Authenticate, TellsExpiredAndRevokedApartAndNothingElse) {
  EXPECT_EQ(outcome({{"Authorization", "Bearer old"}}), "token_expired");
  EXPECT_EQ(outcome({{"Authorization", "Bearer revoked"}}), "session_revoked");
  EXPECT_EQ(outcome({{"Authorization", "Bearer forged"}}), "unauthenticated");
  EXPECT_EQ(outcome({{"Authorization", "Bearer  good"}}), "unauthenticated");
}

}  // namespace
}  // namespace rubricon::api
