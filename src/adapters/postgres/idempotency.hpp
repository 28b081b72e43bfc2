/// What a request with a key was answered, kept for seven days, so that its repetition can be
/// answered the same without being done again.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/ids.hpp>
#include <rubricon/domain/text.hpp>
#include <rubricon/postgres/transaction.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::postgres {

/// How long a response is kept.
inline constexpr auto response_kept_for = std::chrono::days(7);

/// The first half of a SHA-256.
using RequestHash = std::array<std::uint8_t, 16>;

/// Of the parts in order; no two different lists have the same bytes.
RequestHash hash_request(std::initializer_list<std::string_view> parts);

struct RequestName {
  domain::UserId user;
  std::string route;  ///< keys of different routes are strangers
  std::string key;
};

/// The stored response; nullopt where the key is new or has expired; idempotency_mismatch where it
/// was used for another request.
base::Task<base::Result<std::optional<std::string>>> find_response(Transaction* transaction,
                                                                   RequestName name,
                                                                   RequestHash hash);

/// After find_response said nullopt. Where somebody else has stored one with this key meanwhile,
/// the transaction fails by a conflict, and is run again.
void store_response(Transaction* transaction, const RequestName& name, const RequestHash& hash,
                    std::string_view response);

/// Forgets at most `limit` expired ones. Returns how many.
base::Task<std::int64_t> forget_responses(Transaction* transaction, std::int64_t limit);

}  // namespace rubricon::postgres
