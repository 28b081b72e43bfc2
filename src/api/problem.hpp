/// Errors on the wire: RFC 9457 documents, and the one table from error codes to HTTP statuses.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/net/http_types.hpp>

#include <chrono>
#include <string_view>

namespace rubricon::api {

/// The status of an error. Most follow from the code; a few reasons have one of their own.
unsigned status_of(const base::Error& error);

/// What programs read of it: its reason, where that may be shown, else its code.
std::string_view code_of(const base::Error& error);

/// `{type, title, status, code, detail, traceId, errors?}`, with Retry-After on 429 and 503 and
/// WWW-Authenticate on 401. Everything not found looks the same unless it has a reason, whatever
/// the store said of it.
net::HttpResponse problem(const base::Error& error, std::string_view trace_id);

/// For what is our fault: 500 `internal`, without any detail.
net::HttpResponse internal_problem(std::string_view trace_id);

/// An error that asks the caller to wait; becomes Retry-After. At least one second.
base::Error rate_limited(std::chrono::seconds wait);

}  // namespace rubricon::api
