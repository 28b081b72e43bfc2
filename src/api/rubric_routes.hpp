/// /api/chat/{chatId}/rubric: the rubric document, with optimistic locking by version.
#pragma once

#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>

namespace rubricon::api {

/// One shard. The services outlive it.
class RubricRoutes {
 public:
  explicit RubricRoutes(const Services& services) : services_(services) {}

  void add_to(Router& router);

 private:
  base::Task<ApiResult> get(ApiRequest request);
  base::Task<ApiResult> put(ApiRequest request);

  const Services& services_;
};

/// A document as it is stored: every field checked, points computed. Duplicate names, NUL and depth
/// are refused as everywhere (body.hpp), the rest as the domain does.
base::Result<std::string> read_rubric_document(std::string_view body);

/// 200 with the version and its ETag.
net::HttpResponse rubric_response(const ports::RubricRecord& record);

/// The version in `If-Match: "3"`. invalid/"precondition_required" without the field,
/// invalid/"invalid_precondition" for anything else (a list, `*`, a weak tag): there is one
/// document and it has one version.
base::Result<domain::RubricVersion> expected_version(const net::HttpHead& head);

}  // namespace rubricon::api
