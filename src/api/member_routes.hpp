/// /api/chat/{chatId}/members: who a chat is shared with.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. The services outlive it.
class MemberRoutes {
 public:
  explicit MemberRoutes(const Services& services) : services_(services) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> list(ApiRequest request);
  base::Task<ApiResult> add(ApiRequest request);
  base::Task<ApiResult> remove(ApiRequest request);

  const Services& services_;
};

}  // namespace rubricon::api
