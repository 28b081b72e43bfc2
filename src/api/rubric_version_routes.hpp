/// /api/chat/{chatId}/rubric/versions: what the rubric was, who changed it, and the way back.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. The services outlive it.
class RubricVersionRoutes {
 public:
  explicit RubricVersionRoutes(const Services& services) : services_(services) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> list(ApiRequest request);
  base::Task<ApiResult> get(ApiRequest request);
  /// Appends a version with the document of an older one.
  base::Task<ApiResult> restore(ApiRequest request);

  const Services& services_;
};

}  // namespace rubricon::api
