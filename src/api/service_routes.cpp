#include <rubricon/api/service_routes.hpp>

#include <rubricon/api/wire.hpp>

#include <memory>

namespace rubricon::api {

namespace embedded {
extern const std::string_view openapi_json;
}

namespace {

const char* to_string(Readiness::State state) {
  switch (state) {
    case Readiness::State::starting: return "starting";
    case Readiness::State::ready: return "ready";
    case Readiness::State::draining: return "draining";
  }
  return "starting";
}

constexpr const char* cached_shortly = "public, max-age=300";

}  // namespace

void ServiceRoutes::add_to(Router& router) {
  const auto add = [&](std::string_view path, std::string_view name,
                       base::Task<ApiResult> (ServiceRoutes::*function)(ApiRequest)) {
    router.add({Method::get, path, name, Access::anyone, [this, function](ApiRequest request) {
                  return (this->*function)(std::move(request));
                }});
  };
  add("/healthz", "getHealth", &ServiceRoutes::health);
  add("/readyz", "getReadiness", &ServiceRoutes::readiness);
  add("/.well-known/jwks.json", "getJwks", &ServiceRoutes::jwks);
  add("/api/openapi.json", "getOpenapi", &ServiceRoutes::openapi);
}

net::HttpResponse health_response() {
  JsonText json;
  json.begin_object().key("status").text("ok").end_object();
  return json_response(200, std::move(json));
}

net::HttpResponse readiness_response(const Readiness& readiness) {
  const bool ready = readiness.state == Readiness::State::ready && readiness.waiting_for.empty();
  const auto state = readiness.state == Readiness::State::ready && !ready
                         ? Readiness::State::starting
                         : readiness.state;
  JsonText json;
  json.begin_object().key("status").text(to_string(state));
  if (!readiness.waiting_for.empty()) {
    json.key("waitingFor").begin_array();
    for (const auto& part : readiness.waiting_for) json.text(part);
    json.end_array();
  }
  json.end_object();
  return json_response(ready ? 200 : 503, std::move(json));
}

base::Task<ApiResult> ServiceRoutes::health(ApiRequest) {
  co_return health_response();
}

base::Task<ApiResult> ServiceRoutes::readiness(ApiRequest) {
  co_return readiness_response(options_.readiness());
}

base::Task<ApiResult> ServiceRoutes::jwks(ApiRequest) {
  net::HttpResponse response;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", cached_shortly);
  response.body = services_.issuer.jwks();
  co_return response;
}

base::Task<ApiResult> ServiceRoutes::openapi(ApiRequest) {
  static const auto shared = std::make_shared<const std::string>(embedded::openapi_json);
  net::HttpResponse response;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", cached_shortly);
  response.body = shared;
  co_return response;
}

std::string_view openapi_json() {
  return embedded::openapi_json;
}

}  // namespace rubricon::api
