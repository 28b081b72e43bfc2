/// /api/me/sessions and /api/me/password: where one is signed in, and how to end it elsewhere.
#pragma once

#include <rubricon/api/password_check.hpp>
#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. Services and password check outlive it. A session that ends takes its access tokens
/// with it at once, and its sockets by the event that the store writes.
class SessionRoutes {
 public:
  static constexpr std::size_t listed_max = 100;

  SessionRoutes(const Services& services, PasswordCheck& passwords)
      : services_(services), passwords_(passwords) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> list(ApiRequest request);
  base::Task<ApiResult> end(ApiRequest request);
  base::Task<ApiResult> change_password(ApiRequest request);

  const Services& services_;
  PasswordCheck& passwords_;
};

}  // namespace rubricon::api
