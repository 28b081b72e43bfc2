/// What a request with a key was answered, kept for seven days, so that its repetition can be
/// answered the same without being done again.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/memory/transaction.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rubricon::memory {

/// The parts in order, such that no two different lists give the same text.
std::string request_of(std::initializer_list<std::string_view> parts);

/// The stored response; nullopt where the key is new or has expired; idempotency_mismatch where it
/// was used for another request. `transaction` holds `key`.
template <typename T>
base::Result<std::optional<T>> find_response(const Transaction& transaction, const ResponseKey& key,
                                             const std::string& request) {
  const auto* const row = transaction.rows.responses.find(key);
  if (!row || row->expires_at <= transaction.now()) return std::nullopt;
  if (row->request != request) {
    return base::fail(base::ErrorCode::idempotency_mismatch,
                      "this key was used for a different request");
  }
  return std::get<T>(row->response);
}

/// After find_response said nullopt, in the same transaction.
template <typename T>
void store_response(Transaction& transaction, const ResponseKey& key, std::string request,
                    T response) {
  transaction.rows.responses.put(key, {.request = std::move(request),
                                       .response = std::move(response),
                                       .expires_at = transaction.now() + std::chrono::days(7)});
}

}  // namespace rubricon::memory
