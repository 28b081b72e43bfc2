#include <rubricon/api/origins.hpp>

#include <algorithm>

namespace rubricon::api {

using base::ErrorCode;
using base::fail;

bool Origins::allows(std::string_view origin) const {
  return std::ranges::find(allowed_, origin) != allowed_.end();
}

base::Result<void> Origins::check(const net::HttpHead& head) const {
  if (const auto origin = head.header("Origin")) {
    if (head.headers.count("Origin") != 1 || !allows(*origin)) {
      return fail(ErrorCode::forbidden, "Requests from this origin are not allowed.",
                  "origin_not_allowed");
    }
    // An allowed page of another site says cross-site, and is welcome.
    return {};
  }
  if (head.header("Sec-Fetch-Site") == "cross-site") {
    return fail(ErrorCode::forbidden, "Requests from other sites are not allowed.", "cross_site");
  }
  return {};
}

void Origins::add_headers(const net::HttpHead& head, net::HttpHeaders& headers) const {
  headers.add("Vary", "Origin");
  const auto origin = head.header("Origin");
  if (!origin || !allows(*origin)) return;
  headers.set("Access-Control-Allow-Origin", std::string(*origin));
  headers.set("Access-Control-Allow-Credentials", "true");
  headers.set("Access-Control-Expose-Headers",
              "Content-Disposition, ETag, Location, Retry-After, Rubricon-Warnings");
}

net::HttpResponse Origins::preflight(const net::HttpHead& head) const {
  net::HttpResponse response;
  response.status = 204;
  add_headers(head, response.headers);
  if (response.headers.contains("Access-Control-Allow-Origin")) {
    response.headers.set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
    response.headers.set("Access-Control-Allow-Headers",
                         "Authorization, Content-Type, Idempotency-Key, If-Match, Traceparent");
    response.headers.set("Access-Control-Max-Age", "600");
  }
  return response;
}

}  // namespace rubricon::api
