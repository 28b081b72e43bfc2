/// Access tokens: ES256 JWTs (RFC 7519, RFC 8725), 15 minutes, verified without a database.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/user.hpp>

#include <string>
#include <string_view>

namespace rubricon::ports {

/// Verifying is safe from any thread.
class TokenVerifier {
 public:
  virtual ~TokenVerifier() = default;

  /// Checks form, algorithm, key, signature, typ, iss, aud, nbf and exp (no leeway for exp beyond
  /// the clock's own), then the revoked sessions. token_expired, or unauthenticated with a reason.
  virtual base::Result<domain::Identity> verify(std::string_view token) const = 0;
};

class TokenIssuer {
 public:
  virtual ~TokenIssuer() = default;

  struct Issued {
    std::string token;
    base::Milliseconds expires_in;
  };
  virtual Issued issue(const domain::User& user, domain::SessionId session) const = 0;
  /// RFC 7517 key set with every key that may still have signed a valid token.
  virtual std::string jwks() const = 0;
};

/// Sessions whose tokens are refused although they have not expired.
class Revocations {
 public:
  virtual ~Revocations() = default;

  /// Safe from any thread. Forgotten again once every token of the session has expired.
  virtual void revoke(domain::SessionId session) = 0;
  virtual bool revoked(domain::SessionId session) const = 0;
};

}  // namespace rubricon::ports
