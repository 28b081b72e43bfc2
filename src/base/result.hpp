/// Expected outcomes as values: `Result<T>` holds a T or an `Error`. Faults (a database that is
/// gone) are exceptions (fault.hpp); bugs are assertions (assert.hpp).
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::base {

/// Every expected refusal, each with one HTTP status (api/problem.hpp) and one socket error text.
enum class ErrorCode {
  invalid,               ///< the request breaks a rule; `fields` says which (400 or 422)
  unauthenticated,       ///< no valid identity (401)
  token_expired,         ///< the identity was valid until recently: refresh and retry (401)
  forbidden,             ///< known identity, visible object, missing right (403)
  not_found,             ///< absent, or not visible to this user, which must look the same (404)
  conflict,              ///< the object changed or exists already (409)
  precondition_failed,   ///< If-Match names another version (412)
  idempotency_mismatch,  ///< the key was used with a different body (422)
  too_large,             ///< over a documented size limit (413)
  rate_limited,          ///< too many requests; retry later (429)
  unavailable,           ///< nothing was changed; retry with the same key (503)
};

/// Stable wire spelling, e.g. "not_found".
const char* to_string(ErrorCode code) noexcept;

/// One field that broke a rule. `field` is a JSON path such as "content" or "criteria[2].weight".
struct FieldError {
  std::string field;
  std::string code;
  std::string message;

  bool operator==(const FieldError&) const = default;
};

/// What was refused and why. `detail` is for people and never contains secrets or message text.
/// `reason` refines the code on the wire ("unknown_field", "email_taken"); empty means the code
/// itself.
struct Error {
  ErrorCode code;
  std::string detail;
  std::string reason;
  std::vector<FieldError> fields;

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;

/// `return fail(ErrorCode::not_found, "no such chat");`
inline std::unexpected<Error> fail(ErrorCode code, std::string detail = {}, std::string reason = {},
                                   std::vector<FieldError> fields = {}) {
  return std::unexpected(Error{code, std::move(detail), std::move(reason), std::move(fields)});
}

}  // namespace rubricon::base
