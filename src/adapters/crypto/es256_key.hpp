/// One P-256 key pair, signing as JWTs want it (RFC 7518 §3.4): SHA-256, the signature as the 64
/// bytes r‖s.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace rubricon::crypto {

/// Immutable and shared; every member function is safe from any thread. Functions throw
/// std::runtime_error where OpenSSL itself fails, which no input can bring about.
class Es256Key {
 public:
  using Signature = std::array<std::uint8_t, 64>;

  static Es256Key generate();
  /// A private key in PEM (PKCS#8), possibly after lines of text. Nothing where it is not one on
  /// P-256.
  static std::optional<Es256Key> from_pem(std::string_view pem);
  std::string to_pem() const;

  Signature sign(std::string_view message) const;
  bool verify(std::string_view message, std::string_view signature) const;

  /// The key's name: its RFC 7638 thumbprint, base64url.
  const std::string& id() const { return id_; }
  /// The public half as an RFC 7517 JSON object.
  std::string public_jwk() const;

 private:
  explicit Es256Key(std::shared_ptr<evp_pkey_st> pair);

  std::shared_ptr<evp_pkey_st> pair_;
  std::string x_;
  std::string y_;
  std::string id_;
};

}  // namespace rubricon::crypto
