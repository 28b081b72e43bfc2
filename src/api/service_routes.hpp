/// What machines ask: health, readiness, the key set, the contract.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

#include <string_view>

namespace rubricon::api {

/// One shard. Services and options outlive it.
class ServiceRoutes {
 public:
  ServiceRoutes(const Services& services, const Options& options)
      : services_(services), options_(options) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> health(ApiRequest request);
  base::Task<ApiResult> readiness(ApiRequest request);
  base::Task<ApiResult> jwks(ApiRequest request);
  base::Task<ApiResult> openapi(ApiRequest request);

  const Services& services_;
  const Options& options_;
};

/// What /healthz and /readyz answer, also where there is no api.
net::HttpResponse health_response();
net::HttpResponse readiness_response(const Readiness& readiness);

/// contract/openapi.yaml as JSON.
std::string_view openapi_json();

}  // namespace rubricon::api
