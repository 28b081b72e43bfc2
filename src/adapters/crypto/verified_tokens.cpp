#include <rubricon/crypto/verified_tokens.hpp>

#include <rubricon/base/assert.hpp>

#include <openssl/evp.h>

#include <cstring>
#include <utility>

namespace rubricon::crypto {

/// By OpenSSL, which uses the processor's own instructions for it: this is done for every request.
VerifiedTokens::Digest VerifiedTokens::digest(std::string_view token) {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Digest result{};
  const int done = EVP_Digest(token.data(), token.size(), result.data(), nullptr, sha256, nullptr);
  RUBRICON_ASSERT(done == 1);
  return result;
}

std::optional<domain::Identity> VerifiedTokens::find(const Digest& token) {
  if (const auto found = young_.find(token); found != young_.end()) return found->second;
  const auto found = old_.find(token);
  if (found == old_.end()) return std::nullopt;
  const auto identity = found->second;
  old_.erase(found);
  remember(token, identity);
  return identity;
}

void VerifiedTokens::remember(const Digest& token, const domain::Identity& identity) {
  if (young_.size() >= half_max_) old_ = std::exchange(young_, {});
  young_.insert_or_assign(token, identity);
}

void VerifiedTokens::clear() {
  young_.clear();
  old_.clear();
}

std::size_t VerifiedTokens::Hash::operator()(const Digest& digest) const noexcept {
  // Any eight bytes of a SHA-256 are uniform.
  std::size_t value = 0;
  std::memcpy(&value, digest.data(), sizeof value);
  return value;
}

}  // namespace rubricon::crypto
