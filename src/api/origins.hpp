/// Which web pages may talk to us (S14, S15): an exact list, no reflection.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/net/http_types.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rubricon::api {

class Origins {
 public:
  /// Serialised origins: "https://rubrics.example", "http://localhost:3000". Compared exactly, as
  /// browsers write them: lower case, without path and default port.
  explicit Origins(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  bool allows(std::string_view origin) const;

  /// Of a request that changes something: forbidden/"origin_not_allowed" with an Origin that is not
  /// on the list ("null" never is), forbidden/"cross_site" where the browser says so itself.
  base::Result<void> check(const net::HttpHead& head) const;

  /// CORS fields for a request from an allowed page of another origin; always `Vary: Origin`.
  void add_headers(const net::HttpHead& head, net::HttpHeaders& headers) const;

  /// The answer to `OPTIONS`: 204, with the permissions of CORS where the origin is allowed.
  net::HttpResponse preflight(const net::HttpHead& head) const;

 private:
  std::vector<std::string> allowed_;
};

}  // namespace rubricon::api
