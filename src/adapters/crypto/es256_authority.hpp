/// Access tokens: issues and verifies ES256 JWTs of one form only (RFC 7519, RFC 9068, the rules of
/// RFC 8725). What a token may choose is nothing: algorithm, type, issuer and audience are pinned,
/// keys are found by `kid` among ours, and headers that would name other keys are refused.
///
///     {"alg":"ES256","kid":"…","typ":"at+jwt"}
///     {"iss":…,"aud":…,"sub":user,"sid":session,"role":…,"iat":…,"nbf":…,"exp":…,"jti":…}
#pragma once

#include <rubricon/crypto/key_store.hpp>
#include <rubricon/crypto/verified_tokens.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/ports/token_authority.hpp>

#include <memory>
#include <mutex>

namespace rubricon::crypto {

struct AuthorityOptions {
  std::string issuer = "rubricon";
  std::string audience = "rubricon";
  base::Milliseconds lifetime{15 * 60'000};
  /// How far `nbf` and `iat` may lie ahead: the clocks of two machines. `exp` has no leeway.
  base::Milliseconds skew_max{5'000};
  /// Tokens remembered after their signature was checked; about 200 bytes each.
  std::size_t remembered_max = 20'000;
};

/// Safe from any thread. Clock, random and revocations outlive it.
class Es256Authority final : public ports::TokenIssuer, public ports::TokenVerifier {
 public:
  static constexpr std::size_t token_bytes_max = 2048;

  Es256Authority(KeySet keys, AuthorityOptions options, const ports::Clock& clock,
                 ports::Random& random, const ports::Revocations& revocations);

  /// Signs with the current key.
  Issued issue(const domain::User& user, domain::SessionId session) const override;
  std::string jwks() const override;

  /// A token seen before is not verified again, but its time and its session are always looked at.
  /// Reasons of `unauthenticated`: "malformed_token", "unknown_key", "bad_signature",
  /// "wrong_claims", "not_yet_valid", "session_revoked".
  base::Result<domain::Identity> verify(std::string_view token) const override;

  /// After a rotation. Tokens of keys that are in neither set are refused from now on. Where there
  /// is a previous key, it signs for `published` more, so that whoever verifies has heard of the
  /// current one before its first token.
  void use(KeySet keys, base::Milliseconds published = base::Milliseconds(0));

 private:
  base::Result<domain::Identity> verify_anew(std::string_view token) const;
  base::Result<domain::Identity> read_claims(std::string_view payload) const;
  std::shared_ptr<const KeySet> keys() const;
  const Es256Key& signing_key(const KeySet& keys) const;

  const AuthorityOptions options_;
  const ports::Clock& clock_;
  ports::Random& random_;
  const ports::Revocations& revocations_;
  mutable std::mutex mutex_;   ///< guards what follows
  base::Instant sign_from_{};  ///< with the current key
  std::shared_ptr<const KeySet> keys_;
  mutable VerifiedTokens verified_;
};

}  // namespace rubricon::crypto
