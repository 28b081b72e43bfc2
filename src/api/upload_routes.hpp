/// /api/uploads: how far the files are that somebody is uploading.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. The services outlive it.
class UploadRoutes {
 public:
  explicit UploadRoutes(const Services& services) : services_(services) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> progress(ApiRequest request);

  const Services& services_;
};

}  // namespace rubricon::api
