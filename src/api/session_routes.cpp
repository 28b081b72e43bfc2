#include <rubricon/api/session_routes.hpp>

#include <rubricon/api/cookies.hpp>
#include <rubricon/api/object_reader.hpp>
#include <rubricon/api/wire.hpp>
#include <rubricon/observability/log.hpp>

namespace rubricon::api {
namespace {

using base::ErrorCode;
using base::fail;

struct NewPassword {
  std::string present;  ///< as it was sent
  domain::Password next;
};

base::Result<NewPassword> read_new_password(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"password", "newPassword"});
  reader.require({"password", "newPassword"});
  const auto present = reader.text("password");
  auto next = reader.parsed<domain::Password>("newPassword");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return NewPassword{std::string(*present), std::move(*next)};
}

base::Error wrong_password() {
  return {ErrorCode::forbidden, "The present password is another one.", "wrong_password", {}};
}

}  // namespace

void SessionRoutes::add_to(Router& router) {
  router.add({Method::get, "/api/me/sessions", "listSessions", Access::signed_in,
              [this](ApiRequest r) { return list(std::move(r)); }});
  router.add({Method::del, "/api/me/sessions/{sessionId}", "endSession", Access::signed_in,
              [this](ApiRequest r) { return end(std::move(r)); }});
  router.add({Method::put, "/api/me/password", "changePassword", Access::signed_in,
              [this](ApiRequest r) { return change_password(std::move(r)); }});
}

base::Task<ApiResult> SessionRoutes::list(ApiRequest request) {
  const auto sessions =
      co_await services_.sessions.list(request.user(), listed_max, request.deadline);
  JsonText json;
  json.begin_object().key("sessions").begin_array();
  for (const auto& session : sessions) {
    json.begin_object().key("id").text(session.id.to_string());
    json.key("createdAt").text(base::format_time(session.opened_at));
    json.key("expiresAt").text(base::format_time(session.expires_at));
    json.key("current").truth(session.id == request.identity->session).end_object();
  }
  json.end_array().end_object();
  co_return json_response(200, std::move(json));
}

base::Task<ApiResult> SessionRoutes::end(ApiRequest request) {
  const domain::SessionId session(request.params.at(0));
  auto done = co_await services_.sessions.revoke(request.user(), session, request.deadline);
  if (!done) co_return fail(ErrorCode::not_found);
  services_.revocations.revoke(session);
  auto response = no_content();
  if (session == request.identity->session) {
    response.headers.add("Set-Cookie", clear_refresh_cookie(cookie_kind(*request.head)));
  }
  co_return response;
}

base::Task<ApiResult> SessionRoutes::change_password(ApiRequest request) {
  auto wanted = read_new_password(request.body);
  if (!wanted) co_return std::unexpected(std::move(wanted.error()));
  const auto user = co_await services_.users.find(request.user(), request.deadline);
  if (!user) co_return fail(ErrorCode::unauthenticated, "The account is gone.");
  // Whoever found an open browser guesses no quicker here than at the door.
  ports::PasswordAttempt attempt{.email = user->email,
                                 .password = std::move(wanted->present),
                                 .address = request.head->remote_address};
  const auto verified = co_await passwords_.verify(std::move(attempt), request.deadline);
  if (!verified) {
    const bool wrong = verified.error().code == ErrorCode::unauthenticated;
    co_return std::unexpected(wrong ? wrong_password() : verified.error());
  }
  auto hash = co_await services_.hasher.hash(std::move(wanted->next), request.deadline);
  if (!hash) co_return std::unexpected(std::move(hash.error()));
  ports::PasswordChange change{.user = request.user(),
                               .present_hash = verified->password_hash,
                               .next_hash = std::move(*hash),
                               .kept = request.identity->session};
  const auto ended = co_await services_.users.change_password(std::move(change), request.deadline);
  // Somebody was faster, and what was verified counts no longer.
  if (!ended) co_return std::unexpected(wrong_password());
  for (const auto session : *ended) services_.revocations.revoke(session);
  services_.log.info("api.password_changed",
                     {{"user_id", request.user().to_string()}, {"sessions_ended", ended->size()}});
  co_return no_content();
}

}  // namespace rubricon::api
