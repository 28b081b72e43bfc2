#include <rubricon/api/me_routes.hpp>

#include <rubricon/api/event_query.hpp>
#include <rubricon/api/object_reader.hpp>
#include <rubricon/api/wire.hpp>

namespace rubricon::api {
namespace {

base::Result<ports::UserPatch> read_patch(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"name", "locale"});
  reader.require_any();
  ports::UserPatch patch;
  patch.name = reader.parsed<domain::DisplayName>("name");
  patch.locale = reader.one_of("locale", domain::parse_locale, "zh-TW, en");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return patch;
}

net::HttpResponse user_response(const domain::User& user) {
  JsonText json;
  write_user(json, user);
  return json_response(200, std::move(json));
}

}  // namespace

void MeRoutes::add_to(Router& router) {
  router.add({Method::get, "/api/me", "getMe", Access::signed_in,
              [this](ApiRequest r) { return get(std::move(r)); }});
  router.add({Method::patch, "/api/me", "updateMe", Access::signed_in,
              [this](ApiRequest r) { return update(std::move(r)); }});
  router.add({Method::get, "/api/me/events", "listMyEvents", Access::signed_in,
              [this](ApiRequest r) { return events(std::move(r)); }});
}

base::Task<ApiResult> MeRoutes::get(ApiRequest request) {
  const auto user = co_await services_.users.find(request.user(), request.deadline);
  // A token outlives its account by some minutes at most.
  if (!user) co_return base::fail(base::ErrorCode::unauthenticated, "The account is gone.");
  co_return user_response(*user);
}

base::Task<ApiResult> MeRoutes::update(ApiRequest request) {
  auto patch = read_patch(request.body);
  if (!patch) co_return std::unexpected(std::move(patch.error()));
  const auto user =
      co_await services_.users.update(request.user(), std::move(*patch), request.deadline);
  if (!user) co_return base::fail(base::ErrorCode::unauthenticated, "The account is gone.");
  co_return user_response(*user);
}

base::Task<ApiResult> MeRoutes::events(ApiRequest request) {
  auto query = read_event_query(*request.head, domain::StreamId(request.user()));
  if (!query) co_return std::unexpected(std::move(query.error()));
  const auto page = co_await services_.events.read(*query, request.deadline);
  JsonText json;
  write_events(json, page);
  co_return json_response(200, std::move(json));
}

}  // namespace rubricon::api
