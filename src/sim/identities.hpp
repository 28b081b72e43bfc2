/// Who is who, without cryptography: it would bring chance that no seed repeats. A token says what
/// it proves; nobody in a simulation forges.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/password_hasher.hpp>
#include <rubricon/ports/refresh_tokens.hpp>
#include <rubricon/ports/token_authority.hpp>

namespace rubricon::sim {

/// Access tokens that live as long as any run: their renewal is the browser tests' business.
class PlainTokens final : public ports::TokenVerifier, public ports::TokenIssuer {
 public:
  PlainTokens(const ports::Revocations& revocations, const ports::Clock& clock)
      : revocations_(revocations), clock_(clock) {}

  static std::string text(domain::UserId user, domain::SessionId session);

  base::Result<domain::Identity> verify(std::string_view token) const override;
  Issued issue(const domain::User& user, domain::SessionId session) const override;
  std::string jwks() const override { return R"({"keys":[]})"; }

 private:
  const ports::Revocations& revocations_;
  const ports::Clock& clock_;
};

/// The hash of a refresh token is its first bytes.
class PlainRefreshTokens final : public ports::RefreshTokens {
 public:
  ports::RefreshToken fresh() const override { return made("fresh"); }
  ports::RefreshToken successor(std::string_view token) const override;
  ports::TokenHash hash(std::string_view token) const override;

 private:
  ports::RefreshToken made(std::string text) const;
};

class PlainHasher final : public ports::PasswordHasher {
 public:
  base::Task<base::Result<std::string>> hash(domain::Password, base::Deadline) override;
  base::Task<base::Result<bool>> verify(domain::Password, std::string, base::Deadline) override;
};

}  // namespace rubricon::sim
