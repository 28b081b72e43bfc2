/// Refresh tokens: 256 random bits in a cookie, known to the store only by their hash.
#pragma once

#include <rubricon/ports/session_store.hpp>

#include <string>
#include <string_view>

namespace rubricon::ports {

struct RefreshToken {
  std::string text;  ///< base64url, 43 characters; goes into the cookie and nowhere else
  TokenHash hash;    ///< what the store keeps
};

/// Stateless and safe from any thread.
class RefreshTokens {
 public:
  virtual ~RefreshTokens() = default;

  /// The first token of a family: unpredictable.
  virtual RefreshToken fresh() const = 0;
  /// What replaces `token`: always the same for the same token, and not computable without this
  /// server's secret. So a client whose reply was lost gets, on repeating, the successor that it
  /// missed.
  virtual RefreshToken successor(std::string_view token) const = 0;
  virtual TokenHash hash(std::string_view token) const = 0;
};

}  // namespace rubricon::ports
