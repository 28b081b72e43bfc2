/// What administrators ask of the installation. No content of any chat is behind these routes.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. Services outlive it.
class AdminRoutes {
 public:
  explicit AdminRoutes(const Services& services) : services_(services) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> dead_jobs(ApiRequest request);
  base::Task<ApiResult> replay(ApiRequest request);

  const Services& services_;
};

}  // namespace rubricon::api
