#include <rubricon/crypto/argon2_hasher.hpp>

#include <sodium.h>

#include <array>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

namespace rubricon::crypto {
namespace {

using base::ErrorCode;
using base::fail;

std::unexpected<base::Error> busy() {
  return fail(ErrorCode::unavailable, "too many sign-ins at once", "hasher_busy");
}

}  // namespace

Argon2Hasher::Argon2Hasher(const Argon2Options& options, const ports::Clock& clock,
                           observability::Metrics& metrics)
    : options_(options),
      clock_(clock),
      computed_(metrics.counter("rubricon_crypto_password_hashes_total",
                                "Passwords hashed or compared, each at the full cost of argon2id")),
      threads_(options.threads, options.queue_max) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot find a source of randomness");
  hash_of_nobody_ = make_hash("nobody's password");
  if (hash_of_nobody_.empty()) throw std::runtime_error("not enough memory for argon2id");
}

/// Empty where memory runs out.
std::string Argon2Hasher::make_hash(const std::string& password) const {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), options_.passes,
                        options_.memory_bytes) != 0) {
    return {};
  }
  computed_.add();
  return text.data();
}

bool Argon2Hasher::matches(const std::string& password, const std::string& hash) const {
  // libsodium reads a terminated text of at most this size.
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (hash.size() >= text.size()) return false;
  std::memcpy(text.data(), hash.data(), hash.size());
  const bool same = crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
  // 0: it is a hash, and of this cost.
  if (crypto_pwhash_str_needs_rehash(text.data(), options_.passes, options_.memory_bytes) == 0) {
    computed_.add();
  }
  return same;
}

base::Task<base::Result<std::string>> Argon2Hasher::hash(domain::Password password,
                                                         base::Deadline deadline) {
  auto work = [this, password = std::move(password), deadline]() -> std::string {
    if (deadline.reached(clock_.monotonic())) return {};
    return make_hash(password.secret());
  };
  auto text = co_await threads_.run(std::move(work));
  if (!text || text->empty()) co_return busy();
  co_return std::move(*text);
}

base::Task<base::Result<bool>> Argon2Hasher::verify(domain::Password password, std::string hash,
                                                    base::Deadline deadline) {
  auto work = [this, password = std::move(password), hash = std::move(hash),
               deadline]() -> std::optional<bool> {
    if (deadline.reached(clock_.monotonic())) return std::nullopt;
    if (!hash.empty()) return matches(password.secret(), hash);
    // The same work for a user that is not there, and never a match.
    (void)matches(password.secret(), hash_of_nobody_);
    return false;
  };
  const auto matched = co_await threads_.run(std::move(work));
  if (!matched || !*matched) co_return busy();
  co_return **matched;
}

}  // namespace rubricon::crypto
