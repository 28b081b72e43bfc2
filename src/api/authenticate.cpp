#include <rubricon/api/authenticate.hpp>

namespace rubricon::api {

using base::ErrorCode;
using base::fail;

std::optional<std::string_view> bearer_token(const net::HttpHead& head) {
  constexpr std::string_view scheme = "Bearer ";
  if (head.headers.count("Authorization") != 1) return std::nullopt;
  auto value = *head.header("Authorization");
  if (value.size() <= scheme.size()) return std::nullopt;
  if (!net::equals_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  value.remove_prefix(scheme.size());
  return value;
}

base::Result<domain::Identity> authenticate(const net::HttpHead& head,
                                            const ports::TokenVerifier& verifier) {
  const auto token = bearer_token(head);
  if (!token) return fail(ErrorCode::unauthenticated, "Sign in first.", "token_missing");
  auto identity = verifier.verify(*token);
  if (identity) return identity;
  if (identity.error().code == ErrorCode::token_expired) {
    return fail(ErrorCode::token_expired, "The access token has expired; refresh it.");
  }
  if (identity.error().reason == "session_revoked") {
    return fail(ErrorCode::unauthenticated, "The session was ended; sign in again.",
                "session_revoked");
  }
  return fail(ErrorCode::unauthenticated, "The access token is not valid.");
}

}  // namespace rubricon::api
