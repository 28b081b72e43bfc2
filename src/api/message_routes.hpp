/// Messages: saying, reading, changing and deleting them.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. Services, limits and submitter outlive it.
class MessageRoutes {
 public:
  MessageRoutes(const Services& services, RateLimits& limits, ports::MessageSubmitter& submitter)
      : services_(services), limits_(limits), submitter_(submitter) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> post(ApiRequest request);
  base::Task<ApiResult> page(ApiRequest request);
  base::Task<ApiResult> edit(ApiRequest request);
  base::Task<ApiResult> remove(ApiRequest request);
  base::Task<ApiResult> regenerate(ApiRequest request);
  base::Task<ApiResult> stop(ApiRequest request);

  const Services& services_;
  RateLimits& limits_;
  ports::MessageSubmitter& submitter_;
};

}  // namespace rubricon::api
