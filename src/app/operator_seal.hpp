/// Shows that a request on the listener for operators comes from somebody who can read the key
/// folder. The secret never travels: what is seen on the way opens nothing but that one request,
/// for a short time.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/crypto/key_store.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace rubricon::app {

/// HMAC-SHA-256 over method, path, body and time, under a secret made from the key folder's.
class OperatorSeal {
 public:
  /// A request may be sent again until then; what is behind it is harmless to repeat.
  static constexpr base::Milliseconds good_for = std::chrono::seconds(30);

  struct Request {
    std::string_view method;
    std::string_view path;
    std::string_view body;
  };

  /// `secret` is the key folder's; another is derived from it.
  explicit OperatorSeal(const crypto::Secret& secret);

  /// The value of the header Authorization.
  std::string seal(const Request& request, base::Time now) const;
  /// Whether `authorization` was made from this request and this secret, at most `good_for` before
  /// or after `now`.
  bool opens(std::string_view authorization, const Request& request, base::Time now) const;

 private:
  std::string at(const Request& request, std::int64_t unix_ms) const;

  crypto::Secret secret_;
};

}  // namespace rubricon::app
