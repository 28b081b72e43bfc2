#include <rubricon/base/result.hpp>

#include <rubricon/base/assert.hpp>

namespace rubricon::base {

const char* to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::unauthenticated: return "unauthenticated";
    case ErrorCode::token_expired: return "token_expired";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::precondition_failed: return "precondition_failed";
    case ErrorCode::idempotency_mismatch: return "idempotency_mismatch";
    case ErrorCode::too_large: return "too_large";
    case ErrorCode::rate_limited: return "rate_limited";
    case ErrorCode::unavailable: return "unavailable";
  }
  assertion_failed("a known ErrorCode", __FILE__, __LINE__);
}

}  // namespace rubricon::base
