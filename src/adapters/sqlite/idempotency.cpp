#include <rubricon/sqlite/idempotency.hpp>

#include <rubricon/base/assert.hpp>

#include <openssl/evp.h>
#include <algorithm>
#include <chrono>

namespace rubricon::sqlite {
namespace {

constexpr auto kept_for = std::chrono::days(7);

}  // namespace

RequestHash hash_request(std::initializer_list<std::string_view> parts) {
  std::string bytes;
  for (const auto part : parts) {
    bytes += std::to_string(part.size());
    bytes += ':';
    bytes += part;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  RUBRICON_ASSERT(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);
  RequestHash hash{};
  std::copy_n(digest.begin(), hash.size(), hash.begin());
  return hash;
}

base::Result<std::optional<std::string>> find_response(Transaction& transaction,
                                                       const RequestName& name,
                                                       const RequestHash& hash) {
  auto row = transaction.db.query(
      "SELECT request_hash, response FROM idempotency "
      "WHERE user_id = ? AND route = ? AND key = ? AND expires_at > ?",
      name.user, name.route, name.key, transaction.now());
  if (!row.step()) return std::nullopt;
  if (!std::ranges::equal(row.blob(0), hash)) {
    return base::fail(base::ErrorCode::idempotency_mismatch,
                      "this key was used for a different request");
  }
  return row.text(1);
}

void store_response(Transaction& transaction, const RequestName& name, const RequestHash& hash,
                    std::string_view response) {
  // REPLACE: an expired row with this key may still be there.
  transaction.db.run(
      "INSERT OR REPLACE INTO idempotency (user_id, route, key, request_hash, response, expires_at)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      name.user, name.route, name.key, hash, response, base::Time(transaction.now() + kept_for));
}

std::int64_t forget_responses(Transaction& transaction, std::int64_t limit) {
  return transaction.db.run(
      "DELETE FROM idempotency WHERE number IN "
      "(SELECT number FROM (SELECT number, expires_at FROM idempotency ORDER BY number LIMIT ?) "
      "WHERE expires_at <= ?)",
      limit, transaction.now());
}

}  // namespace rubricon::sqlite
