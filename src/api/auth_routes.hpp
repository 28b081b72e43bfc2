/// /api/auth: accounts and sessions. A session is a refresh family; its access tokens carry its id,
/// so that ending the family ends them too.
#pragma once

#include <rubricon/api/password_check.hpp>
#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. What it is made of outlives it.
class AuthRoutes {
 public:
  AuthRoutes(const Services& services, RateLimits& limits, PasswordCheck& passwords,
             const Options& options);

  void add_to(Router& router);

 private:
  base::Task<ApiResult> register_account(ApiRequest request);
  base::Task<ApiResult> login(ApiRequest request);
  base::Task<ApiResult> refresh(ApiRequest request);
  base::Task<ApiResult> logout(ApiRequest request);

  base::Task<ports::SessionUser> open_session(domain::User user, ports::TokenHash token,
                                              base::Deadline deadline);
  net::HttpResponse session_response(unsigned status, const ApiRequest& request,
                                     const ports::SessionUser& session,
                                     std::string_view refresh_token) const;

  const Services& services_;
  RateLimits& limits_;
  PasswordCheck& passwords_;
  const Options& options_;
};

}  // namespace rubricon::api
