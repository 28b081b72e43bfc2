/// /api/auth: accounts and sessions. A session is a refresh family; its access tokens carry its id,
/// so that ending the family ends them too.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>
#include <rubricon/ports/password_login.hpp>

namespace rubricon::api {

/// One shard. What it is made of outlives it.
class AuthRoutes {
 public:
  AuthRoutes(const Services& services, RateLimits& limits, ports::PasswordLogin& passwords,
             const Options& options);

  void add_to(Router& router);

 private:
  base::Task<ApiResult> register_account(ApiRequest request);
  base::Task<ApiResult> login(ApiRequest request);
  base::Task<ApiResult> refresh(ApiRequest request);
  base::Task<ApiResult> logout(ApiRequest request);

  base::Task<ApiResult> start_session(domain::User user, unsigned status, ApiRequest request);
  net::HttpResponse session_response(unsigned status, const ApiRequest& request,
                                     const ports::SessionUser& session,
                                     std::string_view refresh_token) const;

  const Services& services_;
  RateLimits& limits_;
  ports::PasswordLogin& passwords_;
  const Options& options_;
};

}  // namespace rubricon::api
