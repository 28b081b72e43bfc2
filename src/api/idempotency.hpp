/// The `Idempotency-Key` header.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/text.hpp>
#include <rubricon/net/http_types.hpp>

#include <optional>
#include <string_view>

namespace rubricon::api {

/// Nothing where there is none; invalid/"invalid_key" where it is not a key or comes twice.
base::Result<std::optional<domain::IdempotencyKey>> idempotency_key(const net::HttpHead& head);

/// The header and the body's `clientId` (empty where there is none) together: they must be equal
/// where both are given, else invalid/"conflicting_keys".
base::Result<std::optional<domain::IdempotencyKey>> idempotency_key(const net::HttpHead& head,
                                                                    std::string_view client_id);

}  // namespace rubricon::api
