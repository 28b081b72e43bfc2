#include <rubricon/api/auth_routes.hpp>

#include <rubricon/api/authenticate.hpp>
#include <rubricon/api/cookies.hpp>
#include <rubricon/api/object_reader.hpp>
#include <rubricon/api/problem.hpp>
#include <rubricon/api/wire.hpp>
#include <rubricon/observability/log.hpp>

namespace rubricon::api {
namespace {

using base::ErrorCode;
using base::fail;

struct Registration {
  domain::Email email;
  domain::DisplayName name;
  domain::Password password;
  domain::Locale locale;
};

base::Result<Registration> read_registration(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"email", "name", "password", "locale"});
  reader.require({"email", "name", "password"});
  auto email = reader.parsed<domain::Email>("email");
  auto name = reader.parsed<domain::DisplayName>("name");
  auto password = reader.parsed<domain::Password>("password");
  const auto locale = reader.one_of("locale", domain::parse_locale, "zh-TW, en");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return Registration{std::move(*email), std::move(*name), std::move(*password),
                      locale.value_or(domain::Locale::zh_tw)};
}

base::Result<ports::PasswordAttempt> read_attempt(const ApiRequest& request) {
  const auto object = parse_object(request.body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"email", "password"});
  reader.require({"email", "password"});
  const auto email = reader.parsed<domain::Email>("email");
  const auto password = reader.text("password");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return ports::PasswordAttempt{email->value(), std::string(*password),
                                request.head->remote_address};
}

/// `{}` and nothing else.
base::Result<void> read_empty(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  return ObjectReader(*object, {}).finish();
}

}  // namespace

AuthRoutes::AuthRoutes(const Services& services, RateLimits& limits, PasswordCheck& passwords,
                       const Options& options)
    : services_(services), limits_(limits), passwords_(passwords), options_(options) {}

void AuthRoutes::add_to(Router& router) {
  const auto add = [&](std::string_view path, std::string_view name,
                       base::Task<ApiResult> (AuthRoutes::*function)(ApiRequest)) {
    router.add({Method::post, path, name, Access::anyone, [this, function](ApiRequest request) {
                  return (this->*function)(std::move(request));
                }});
  };
  add("/api/auth/register", "register", &AuthRoutes::register_account);
  add("/api/auth/login", "login", &AuthRoutes::login);
  add("/api/auth/refresh", "refresh", &AuthRoutes::refresh);
  add("/api/auth/logout", "logout", &AuthRoutes::logout);
}

base::Task<ApiResult> AuthRoutes::register_account(ApiRequest request) {
  auto registration = read_registration(request.body);
  if (!registration) co_return std::unexpected(std::move(registration.error()));
  if (auto allowed = co_await limits_.registration(request.head->remote_address); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  auto hash = co_await services_.hasher.hash(std::move(registration->password), request.deadline);
  if (!hash) co_return std::unexpected(std::move(hash.error()));
  const auto admission =
      options_.signup == Signup::open ? ports::Admission::anybody : ports::Admission::only_first;
  ports::NewUser account{std::move(registration->email), std::move(registration->name),
                         registration->locale, std::move(*hash)};
  auto user = co_await services_.users.create(std::move(account), admission, request.deadline);
  // Where sign-up is closed it also does not tell who has an account.
  if (!user && (options_.signup != Signup::open || user.error().reason == "signup_closed")) {
    co_return fail(ErrorCode::forbidden,
                   "This server does not take sign-ups; ask an administrator to add you.",
                   "signup_closed");
  }
  if (!user) co_return std::unexpected(std::move(user.error()));
  services_.log.info("api.registered", {{"user_id", user->id.to_string()}});
  const auto token = services_.refresh_tokens.fresh();
  const auto session = co_await open_session(std::move(*user), token.hash, request.deadline);
  co_return session_response(201, request, session, token.text);
}

base::Task<ApiResult> AuthRoutes::login(ApiRequest request) {
  auto attempt = read_attempt(request);
  if (!attempt) co_return std::unexpected(std::move(attempt.error()));
  const auto token = services_.refresh_tokens.fresh();
  ports::SessionTerms terms{.token = token.hash,
                            .expires_at = services_.clock.now() + options_.session_lifetime,
                            .only = {}};
  const auto session = co_await passwords_.sign_in(std::move(*attempt), terms, request.deadline);
  if (!session) co_return std::unexpected(session.error());
  co_return session_response(200, request, *session, token.text);
}

base::Task<ApiResult> AuthRoutes::refresh(ApiRequest request) {
  if (auto empty = read_empty(request.body); !empty) {
    co_return std::unexpected(std::move(empty.error()));
  }
  if (auto allowed = co_await limits_.auth(request.head->remote_address); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  const auto cookie = refresh_cookie(*request.head);
  if (!cookie) {
    co_return fail(ErrorCode::unauthenticated, "There is no session; sign in.", "refresh_missing");
  }
  const auto old_hash = services_.refresh_tokens.hash(*cookie);
  const auto successor = services_.refresh_tokens.successor(*cookie);
  auto session = co_await services_.sessions.rotate(old_hash, successor.hash,
                                                    options_.refresh_grace, request.deadline);
  if (session) co_return session_response(200, request, *session, successor.text);
  if (session.error().code != ErrorCode::unauthenticated) {
    co_return std::unexpected(std::move(session.error()));
  }
  const bool reused = session.error().reason == "refresh_reused";
  services_.log.repeated(reused ? observability::Level::warning : observability::Level::info,
                         reused ? "api.refresh_reused" : "api.refresh_refused",
                         {{"client.ip", request.head->remote_address}});
  const base::Error error{ErrorCode::unauthenticated,
                          "The session has ended; sign in again.",
                          reused ? "refresh_reused" : "refresh_invalid",
                          {}};
  auto response = problem(error, request.trace_id());
  response.headers.add("Set-Cookie", clear_refresh_cookie(cookie_kind(*request.head)));
  co_return response;
}

base::Task<ApiResult> AuthRoutes::logout(ApiRequest request) {
  if (auto empty = read_empty(request.body); !empty) {
    co_return std::unexpected(std::move(empty.error()));
  }
  if (auto allowed = co_await limits_.auth(request.head->remote_address); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  if (const auto identity = authenticate(*request.head, services_.verifier)) {
    // The store first: were it refused here already, a repeated request could not get there. The
    // event of the revocation tells the other processes.
    (void)co_await services_.sessions.revoke(identity->user, identity->session, request.deadline);
    services_.revocations.revoke(identity->session);
  }
  if (const auto cookie = refresh_cookie(*request.head)) {
    const auto hash = services_.refresh_tokens.hash(*cookie);
    co_await services_.sessions.revoke_by_token(hash, request.deadline);
  }
  auto response = no_content();
  response.headers.add("Set-Cookie", clear_refresh_cookie(cookie_kind(*request.head)));
  co_return response;
}

base::Task<ports::SessionUser> AuthRoutes::open_session(domain::User user, ports::TokenHash token,
                                                        base::Deadline deadline) {
  const auto expires_at = services_.clock.now() + options_.session_lifetime;
  const auto id = co_await services_.sessions.open(user.id, token, expires_at, deadline);
  co_return ports::SessionUser{id, std::move(user)};
}

net::HttpResponse AuthRoutes::session_response(unsigned status, const ApiRequest& request,
                                               const ports::SessionUser& session,
                                               std::string_view refresh_token) const {
  const auto issued = services_.issuer.issue(session.user, session.session);
  JsonText json;
  json.begin_object().key("accessToken").text(issued.token);
  json.key("expiresIn").number(issued.expires_in.count() / 1000).key("user");
  write_user(json, session.user);
  json.end_object();
  auto response = json_response(status, std::move(json));
  response.headers.add("Set-Cookie", set_refresh_cookie(cookie_kind(*request.head), refresh_token,
                                                        options_.session_lifetime));
  return response;
}

}  // namespace rubricon::api
