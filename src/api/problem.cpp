#include <rubricon/api/problem.hpp>

#include <rubricon/api/json_text.hpp>
#include <rubricon/base/assert.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace rubricon::api {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t field_problems_max = 32;
constexpr int retry_after_unavailable_s = 2;
/// The field under which `rate_limited` carries its wait; never shown as a field.
constexpr std::string_view wait_field = "Retry-After";

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return 400;
    case ErrorCode::unauthenticated: return 401;
    case ErrorCode::token_expired: return 401;
    case ErrorCode::forbidden: return 403;
    case ErrorCode::not_found: return 404;
    case ErrorCode::conflict: return 409;
    case ErrorCode::precondition_failed: return 412;
    case ErrorCode::idempotency_mismatch: return 422;
    case ErrorCode::too_large: return 413;
    case ErrorCode::rate_limited: return 429;
    case ErrorCode::unavailable: return 503;
  }
  base::assertion_failed("a known ErrorCode", __FILE__, __LINE__);
}

struct ReasonStatus {
  std::string_view reason;
  unsigned status;
};
constexpr std::array reason_statuses = {
    ReasonStatus{"invalid_rubric", 422},         ReasonStatus{"precondition_required", 428},
    ReasonStatus{"unsupported_media_type", 415}, ReasonStatus{"method_not_allowed", 405},
    ReasonStatus{"body_timeout", 408},           ReasonStatus{"import_failed", 422},
};

std::string_view title_of(unsigned status) {
  // Phrases of RFC 9110 that older tables spell otherwise.
  if (status == 413) return "Content Too Large";
  if (status == 422) return "Unprocessable Content";
  return net::reason_phrase(status);
}

std::string_view detail_of(const Error& error) {
  if (error.code == ErrorCode::not_found && error.reason.empty()) {
    return "There is nothing here, or not for you.";
  }
  if (error.reason == "body_timeout") return "The body came too slowly.";
  if (error.code == ErrorCode::unavailable) {
    return "The server cannot do this right now; nothing is lost, try again.";
  }
  return error.detail;
}

void write_fields(JsonText& json, const Error& error) {
  if (error.fields.empty() || error.code == ErrorCode::rate_limited) return;
  json.key("errors").begin_array();
  for (const auto& field :
       std::span(error.fields).first(std::min(error.fields.size(), field_problems_max))) {
    json.begin_object();
    json.key("field").text(field.field).key("code").text(field.code);
    json.key("message").text(field.message).end_object();
  }
  json.end_array();
}

void add_retry_after(net::HttpResponse& response, const Error& error) {
  if (response.status == 503) {
    response.headers.set("Retry-After", std::to_string(retry_after_unavailable_s));
  } else if (response.status == 429) {
    const bool known = !error.fields.empty() && error.fields[0].field == wait_field;
    response.headers.set("Retry-After", known ? error.fields[0].message : "1");
  }
}

void add_challenge(net::HttpResponse& response, const Error& error) {
  if (response.status != 401) return;
  // RFC 6750 §3: without credentials no error code.
  const bool nothing_given = error.reason == "token_missing";
  response.headers.set("WWW-Authenticate",
                       nothing_given ? R"(Bearer realm="rubricon")"
                                     : R"(Bearer realm="rubricon", error="invalid_token")");
}

}  // namespace

unsigned status_of(const Error& error) {
  for (const auto& row : reason_statuses) {
    if (row.reason == error.reason) return row.status;
  }
  return status_of(error.code);
}

std::string_view code_of(const Error& error) {
  // Why no token was accepted is for our logs; only whether to refresh or to sign in again is not.
  const bool shown = !error.reason.empty() && error.reason != "token_missing";
  return shown ? std::string_view(error.reason) : base::to_string(error.code);
}

net::HttpResponse problem(const Error& error, std::string_view trace_id) {
  net::HttpResponse response;
  response.status = status_of(error);
  JsonText json;
  json.begin_object().key("type").text("about:blank");
  json.key("title").text(title_of(response.status)).key("status").number(response.status);
  json.key("code").text(code_of(error));
  if (const auto detail = detail_of(error); !detail.empty()) json.key("detail").text(detail);
  json.key("traceId").text(trace_id);
  write_fields(json, error);
  response.body = json.end_object().take();
  response.headers.set("Content-Type", "application/problem+json");
  add_retry_after(response, error);
  add_challenge(response, error);
  return response;
}

net::HttpResponse internal_problem(std::string_view trace_id) {
  net::HttpResponse response;
  response.status = 500;
  JsonText json;
  json.begin_object().key("type").text("about:blank").key("title").text(title_of(500));
  json.key("status").number(500).key("code").text("internal").key("traceId").text(trace_id);
  response.body = json.end_object().take();
  response.headers.set("Content-Type", "application/problem+json");
  return response;
}

Error rate_limited(std::chrono::seconds wait) {
  const auto seconds = std::to_string(std::max<std::int64_t>(1, wait.count()));
  return Error{ErrorCode::rate_limited,
               "Too many requests; wait a moment.",
               {},
               {{std::string(wait_field), {}, seconds}}};
}

}  // namespace rubricon::api
