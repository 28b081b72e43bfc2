#include <rubricon/crypto/refresh_token_mint.hpp>

#include <rubricon/crypto/base64url.hpp>

#include <sodium.h>

#include <stdexcept>

namespace rubricon::crypto {
namespace {

static_assert(crypto_auth_hmacsha256_KEYBYTES == std::tuple_size_v<RefreshSecret>);
static_assert(crypto_hash_sha256_BYTES == std::tuple_size_v<ports::TokenHash>);

using Bytes = std::array<std::uint8_t, 32>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

ports::TokenHash sha256(std::string_view text) {
  ports::TokenHash digest{};
  crypto_hash_sha256(digest.data(), bytes_of(text), text.size());
  return digest;
}

ports::RefreshToken token_of(const Bytes& bytes) {
  auto text = base64url_encode(bytes);
  auto hash = sha256(text);
  return {std::move(text), hash};
}

}  // namespace

RefreshTokenMint::RefreshTokenMint(const RefreshSecret& secret) : secret_(secret) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot find a source of randomness");
}

ports::RefreshToken RefreshTokenMint::fresh() const {
  Bytes bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return token_of(bytes);
}

ports::RefreshToken RefreshTokenMint::successor(std::string_view token) const {
  Bytes bytes{};
  crypto_auth_hmacsha256(bytes.data(), bytes_of(token), token.size(), secret_.data());
  return token_of(bytes);
}

ports::TokenHash RefreshTokenMint::hash(std::string_view token) const {
  return sha256(token);
}

}  // namespace rubricon::crypto
