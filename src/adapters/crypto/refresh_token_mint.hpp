/// Refresh tokens by HMAC-SHA-256: a token's successor is the HMAC of it under the server's secret,
/// so it needs no memory, and nobody without the secret can go from one to the next.
#pragma once

#include <rubricon/crypto/key_store.hpp>
#include <rubricon/ports/refresh_tokens.hpp>

namespace rubricon::crypto {

class RefreshTokenMint final : public ports::RefreshTokens {
 public:
  explicit RefreshTokenMint(const RefreshSecret& secret);

  ports::RefreshToken fresh() const override;
  ports::RefreshToken successor(std::string_view token) const override;
  ports::TokenHash hash(std::string_view token) const override;

 private:
  RefreshSecret secret_;
};

}  // namespace rubricon::crypto
