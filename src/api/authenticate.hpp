/// From a request's Authorization header to the identity that it proves (promises B1, B2): by
/// signature and memory only, no database.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/user.hpp>
#include <rubricon/net/http_types.hpp>
#include <rubricon/ports/token_authority.hpp>

#include <optional>
#include <string_view>

namespace rubricon::api {

/// The token of `Authorization: Bearer <token>`; nothing where there is no such header, or more
/// than one.
std::optional<std::string_view> bearer_token(const net::HttpHead& head);

/// unauthenticated (reason "token_missing", "session_revoked" or empty) or token_expired. Why else
/// a token is bad is nobody's business but ours.
base::Result<domain::Identity> authenticate(const net::HttpHead& head,
                                            const ports::TokenVerifier& verifier);

}  // namespace rubricon::api
