/// /api/me: the signed-in person and their own stream.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. The services outlive it.
class MeRoutes {
 public:
  explicit MeRoutes(const Services& services) : services_(services) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> get(ApiRequest request);
  base::Task<ApiResult> update(ApiRequest request);
  base::Task<ApiResult> events(ApiRequest request);

  const Services& services_;
};

}  // namespace rubricon::api
