#include <rubricon/postgres/idempotency.hpp>

#include <rubricon/base/assert.hpp>

#include <openssl/evp.h>
#include <algorithm>

namespace rubricon::postgres {

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

base::Task<base::Result<std::optional<std::string>>> find_response(Transaction* transaction,
                                                                   RequestName name,
                                                                   RequestHash hash) {
  const auto found = co_await transaction->query(
      "SELECT request_hash, response FROM idempotency "
      "WHERE user_id = $1 AND route = $2 AND key = $3 AND expires_at > $4",
      name.user, name.route, name.key, transaction->now());
  if (found.empty()) co_return std::nullopt;
  if (!std::ranges::equal(found.front().bytes(0), hash)) {
    co_return base::fail(base::ErrorCode::idempotency_mismatch,
                         "this key was used for a different request");
  }
  co_return found.front().text(1);
}

void store_response(Transaction* transaction, const RequestName& name, const RequestHash& hash,
                    std::string_view response) {
  transaction->run(
      "DELETE FROM idempotency WHERE user_id = $1 AND route = $2 AND key = $3 AND expires_at <= $4",
      name.user, name.route, name.key, transaction->now());
  transaction->run(
      "INSERT INTO idempotency (user_id, route, key, request_hash, response, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      name.user, name.route, name.key, hash, response,
      base::Time(transaction->now() + response_kept_for));
}

base::Task<std::int64_t> forget_responses(Transaction* transaction, std::int64_t limit) {
  const auto forgotten = co_await transaction->query(
      "DELETE FROM idempotency WHERE (user_id, route, key) IN "
      "(SELECT user_id, route, key FROM idempotency WHERE expires_at <= $1 "
      "LIMIT $2 FOR UPDATE SKIP LOCKED)",
      transaction->now(), limit);
  co_return forgotten.changed();
}

}  // namespace rubricon::postgres
