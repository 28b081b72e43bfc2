#include <rubricon/api/upload_routes.hpp>

#include <rubricon/api/wire.hpp>

namespace rubricon::api {

void UploadRoutes::add_to(Router& router) {
  router.add({Method::get, "/api/uploads/{uploadId}/progress", "getUploadProgress",
              Access::signed_in, [this](ApiRequest r) { return progress(std::move(r)); }});
}

base::Task<ApiResult> UploadRoutes::progress(ApiRequest request) {
  const domain::UploadId upload(request.params.at(0));
  const auto known = co_await services_.uploads.of(request.user(), upload, request.deadline);
  if (!known) co_return base::fail(base::ErrorCode::not_found, "No such upload is known.");
  JsonText json;
  json.raw(domain::upload_progress_data(*known));
  co_return json_response(200, std::move(json));
}

}  // namespace rubricon::api
