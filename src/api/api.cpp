#include <rubricon/api/api.hpp>

#include <rubricon/api/authenticate.hpp>
#include <rubricon/api/problem.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/observability/trace_context.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>

namespace rubricon::api {
namespace {

constexpr std::chrono::milliseconds start_poll{5};

using base::ErrorCode;
using base::fail;

std::string_view trace_id_of(std::string_view traceparent) {
  return traceparent.substr(3, 32);
}

base::Error body_error(net::BodyError error) {
  auto result = net::to_error(error);
  if (error == net::BodyError::too_large) {
    result.reason = "body_too_large";
    result.detail = "The body is too large.";
  }
  return result;
}

}  // namespace

Api::Api(const Services& services, Options options)
    : services_(services),
      options_(std::move(options)),
      origins_(options_.allowed_origins),
      limits_(options_.rate_limits, services_.rate_limiter, services_.clock),
      submitter_(services_.messages, limits_),
      passwords_(services_, limits_),
      auth_(services_, limits_, passwords_, options_),
      me_(services_),
      sessions_(services_, passwords_),
      uploads_(services_),
      chats_(services_),
      messages_(services_, limits_, submitter_),
      members_(services_),
      rubrics_(services_),
      rubric_files_(services_),
      rubric_versions_(services_),
      admin_(services_),
      service_(services_, options_) {
  auth_.add_to(router_);
  me_.add_to(router_);
  sessions_.add_to(router_);
  uploads_.add_to(router_);
  chats_.add_to(router_);
  messages_.add_to(router_);
  members_.add_to(router_);
  admin_.add_to(router_);
  rubrics_.add_to(router_);
  rubric_files_.add_to(router_);
  rubric_versions_.add_to(router_);
  service_.add_to(router_);
  add_metrics();
}

Api::~Api() = default;

void Api::add_metrics() {
  for (int digit = 0; digit < 6; ++digit) {
    answered_.push_back(&services_.metrics.counter("rubricon_api_requests_total",
                                                   "Requests answered, by class of status.",
                                                   {{"status", std::to_string(digit) + "xx"}}));
  }
  const auto add = [this](std::string_view route) {
    durations_.push_back(&services_.metrics.histogram(
        "rubricon_api_request_seconds", "Time from the head of a request to its answer.",
        observability::duration_buckets(), {{"route", std::string(route)}}));
  };
  for (const auto& route : router_.routes()) add(route.name);
  add("none");
}

bool Api::owns(std::string_view path) {
  return path == "/api" || path.starts_with("/api/") || path == "/healthz" || path == "/readyz" ||
         path == "/.well-known/jwks.json";
}

base::Task<net::HttpResponse> Api::handle(std::shared_ptr<net::HttpExchange> exchange) {
  const auto began = services_.clock.monotonic();
  const auto& head = exchange->head();
  const auto trace = trace_of(head);
  if (head.method == "OPTIONS") {
    auto response = origins_.preflight(head);
    finish(head, response, nullptr, began);
    co_return response;
  }
  auto found = router_.match(head.method, head.path);
  if (auto* match = std::get_if<Match>(&found)) {
    const auto* route = match->route;
    auto response = co_await answer(exchange, std::move(*match), trace);
    finish(head, response, route, began);
    co_return response;
  }
  base::Error error{ErrorCode::not_found, {}, {}, {}};
  const auto* wrong = std::get_if<WrongMethod>(&found);
  if (wrong != nullptr) {
    error = {ErrorCode::invalid, "This path does not have this method.", "method_not_allowed", {}};
  }
  log_refusal(head.method, "none", error, trace_id_of(trace));
  auto response = problem(error, trace_id_of(trace));
  if (wrong != nullptr) response.headers.set("Allow", wrong->allow);
  finish(head, response, nullptr, began);
  co_return response;
}

/// The boundary of faults: nothing but cancellation leaves it.
base::Task<net::HttpResponse> Api::answer(std::shared_ptr<net::HttpExchange> exchange, Match match,
                                          std::string trace) {
  const auto trace_id = trace_id_of(trace);
  const auto route = match.route->name;
  const auto method = exchange->head().method;
  try {
    auto result = co_await run(std::move(exchange), std::move(match), trace);
    if (result) co_return std::move(*result);
    log_refusal(method, route, result.error(), trace_id);
    co_return problem(result.error(), trace_id);
  } catch (const base::Unavailable& fault) {
    services_.log.repeated(observability::Level::warning, "api.unavailable",
                           {{"route", route}, {"trace.id", trace_id}, {"reason", fault.what()}});
    co_return problem({ErrorCode::unavailable, {}, {}, {}}, trace_id);
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
    services_.log.error("api.failed",
                        {{"route", route}, {"trace.id", trace_id}, {"reason", error.what()}});
  } catch (const std::exception& error) {
    services_.log.error("api.failed",
                        {{"route", route}, {"trace.id", trace_id}, {"reason", error.what()}});
  }
  co_return internal_problem(trace_id);
}

base::Task<ApiResult> Api::run(std::shared_ptr<net::HttpExchange> exchange, Match match,
                               std::string trace) {
  const auto& route = *match.route;
  const auto& head = exchange->head();
  // Health checks and the key set are not limited: whoever watches over us must get through.
  if (route.pattern.starts_with("/api/")) {
    if (auto allowed = limits_.any(head.remote_address); !allowed) {
      co_return std::unexpected(std::move(allowed.error()));
    }
  }
  if (auto admitted = admit(head, route); !admitted) {
    co_return std::unexpected(std::move(admitted.error()));
  }
  ApiRequest request{
      .head = std::shared_ptr<const net::HttpHead>(exchange, &head),
      .params = std::move(match.params),
      .number = match.number,
      .identity = std::nullopt,
      .body = {},
      .trace = std::move(trace),
      .deadline = base::Deadline::after(services_.clock.monotonic(), options_.request_timeout)};
  if (route.access != Access::anyone) {
    // Until it is known which sessions have ended, nobody is known.
    if (!co_await started(request.deadline)) co_return fail(ErrorCode::unavailable);
    auto identity = authenticate(head, services_.verifier);
    if (!identity) co_return std::unexpected(std::move(identity.error()));
    if (auto allowed = limits_.request(identity->user); !allowed) {
      co_return std::unexpected(std::move(allowed.error()));
    }
    request.identity = *identity;
    if (route.access == Access::administrator) {
      const auto user = co_await services_.users.find(identity->user, request.deadline);
      if (!user || user->disabled || user->role != domain::UserRole::admin) {
        co_return fail(ErrorCode::forbidden, "Only administrators may.");
      }
    }
  }
  if (route.has_body()) {
    auto body = co_await exchange->read_body(route.body_max);
    if (!body) co_return std::unexpected(body_error(body.error()));
    request.body = std::move(*body);
  }
  co_return co_await route.handler(std::move(request));
}

/// It takes milliseconds, and happens to whoever asks just when a process of several has started:
/// they are worth waiting for.
base::Task<bool> Api::started(base::Deadline deadline) {
  const auto& clock = services_.clock;
  const auto last =
      std::min(deadline, base::Deadline::after(clock.monotonic(), options_.start_wait));
  while (options_.readiness().state == Readiness::State::starting) {
    if (last.reached(clock.monotonic())) co_return false;
    co_await base::pause(start_poll);
  }
  co_return true;
}

/// What can be said without knowing who asks.
base::Result<void> Api::admit(const net::HttpHead& head, const Route& route) const {
  if (!route.changes()) return {};
  if (auto allowed = origins_.check(head); !allowed) return allowed;
  const auto type = head.header("Content-Type").value_or("");
  const bool json = route.body_type == BodyType::json;
  if (route.has_body() && !(json ? is_json_content_type(type) : is_file_content_type(type))) {
    return fail(ErrorCode::invalid,
                json
                    ? "The body must be declared as application/json."
                    : "The body must be the file itself, declared as its type (text/csv, …), or as "
                      "application/octet-stream, which always does; not as text/plain or a form.",
                "unsupported_media_type");
  }
  return {};
}

/// The client's trace with a span of our own, or a new one.
std::string Api::trace_of(const net::HttpHead& head) {
  using observability::TraceContext;
  std::array<std::uint8_t, 24> random{};
  services_.random.fill(random);
  if (const auto parent = TraceContext::parse(head.header("traceparent").value_or(""))) {
    std::array<std::uint8_t, 8> span{};
    std::copy_n(random.begin(), span.size(), span.begin());
    return parent->child(span).to_string();
  }
  return TraceContext::create(random, true).to_string();
}

/// Never the path or the body: they are the client's, and may carry what is secret.
void Api::log_refusal(std::string_view method, std::string_view route, const base::Error& error,
                      std::string_view trace_id) {
  services_.log.repeated(observability::Level::info, "api.request_refused",
                         {{"http.request.method", method},
                          {"route", route},
                          {"http.response.status_code", status_of(error)},
                          {"error.code", code_of(error)},
                          {"trace.id", trace_id}});
}

void Api::finish(const net::HttpHead& head, net::HttpResponse& response, const Route* route,
                 base::Instant began) {
  if (!response.headers.contains("Cache-Control")) {
    response.headers.set("Cache-Control", "no-store");
  }
  if (head.method != "OPTIONS") origins_.add_headers(head, response.headers);

  const auto index = route == nullptr ? router_.routes().size()
                                      : static_cast<std::size_t>(route - router_.routes().data());
  const std::chrono::duration<double> took = services_.clock.monotonic() - began;
  durations_[index]->observe(took.count());
  answered_.at(response.status / 100)->add();
}

}  // namespace rubricon::api
