/// /api/chat/{chatId}/rubric/export and /import: the rubric as a file of another program, and back.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. The services outlive it.
class RubricFileRoutes {
 public:
  explicit RubricFileRoutes(const Services& services) : services_(services) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> export_file(ApiRequest request);
  base::Task<ApiResult> import_file(ApiRequest request);

  const Services& services_;
};

}  // namespace rubricon::api
