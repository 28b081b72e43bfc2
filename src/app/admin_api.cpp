#include <rubricon/app/admin_api.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace rubricon::app {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using base::ErrorCode;

constexpr std::size_t body_bytes_max = 4'096;
constexpr std::size_t users_page = 100;
constexpr std::size_t dead_jobs_page = 100;
constexpr auto call_timeout = 10s;

std::optional<std::int64_t> number_in(const json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

std::optional<std::string> text_in(const json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  return value && value->is_string() ? std::optional<std::string>(value->get_string())
                                     : std::nullopt;
}

std::unexpected<base::Error> invalid(std::string_view what) {
  return base::fail(ErrorCode::invalid, std::string(what) + " is missing or wrong");
}

json::object account(const domain::User& user) {
  json::object account;
  account["email"] = user.email;
  account["name"] = user.name;
  account["role"] = domain::to_string(user.role);
  account["disabled"] = user.disabled;
  return account;
}

json::object description(const ports::DeadJob& dead) {
  json::object job;
  job["id"] = dead.job.to_string();
  job["chatId"] = dead.chat.to_string();
  job["replyTo"] = dead.prompt.value();
  job["attempts"] = dead.attempts;
  job["reason"] = dead.reason;
  job["explanation"] = ports::explanation_of(dead.reason);
  job["failedAt"] = base::format_time(dead.failed_at);
  return job;
}

net::HttpResponse json_response(const json::object& answer) {
  net::HttpResponse response;
  response.headers.add("Content-Type", "application/json");
  response.body = json::serialize(answer);
  return response;
}

net::HttpResponse refusal(const base::Error& error) {
  if (error.code == ErrorCode::not_found) {
    return net::problem_response(404, AdminApi::unknown_address);
  }
  return net::problem_response(400, "invalid");
}

}  // namespace

const std::array<AdminApi::Call, 6> AdminApi::calls{{
    {"/admin/events/replay", &AdminApi::replay},
    {"/admin/users/list", &AdminApi::list_users},
    {"/admin/users/disable", &AdminApi::disable},
    {"/admin/users/enable", &AdminApi::enable},
    {"/admin/jobs/dead/list", &AdminApi::list_dead_jobs},
    {"/admin/jobs/dead/replay", &AdminApi::replay_dead_job},
}};

std::vector<std::string_view> AdminApi::paths() {
  std::vector<std::string_view> paths;
  for (const auto& call : calls) paths.push_back(call.path);
  return paths;
}

AdminApi::AdminApi(OperatorSeal seal, const AdminServices& services)
    : seal_(seal), services_(services) {}

base::Task<net::HttpResponse> AdminApi::handle(std::shared_ptr<net::HttpExchange> exchange) {
  const auto& head = exchange->head();
  const auto authorization = head.header("Authorization");
  if (!authorization) co_return net::problem_response(401, "unauthenticated");
  const auto body = co_await exchange->read_body(body_bytes_max);
  if (!body) co_return net::problem_response(400, "malformed_body");
  if (!seal_.opens(*authorization, {head.method, head.path, *body}, services_.clock.now())) {
    co_return net::problem_response(401, "unauthenticated");
  }
  const auto call = std::ranges::find(calls, head.path, &Call::path);
  if (call == calls.end()) co_return net::problem_response(404, "not_found");
  if (head.method != "POST") co_return net::problem_response(405, "method_not_allowed");
  boost::system::error_code failed;
  auto value = json::parse(*body, failed);
  if (failed || !value.is_object()) co_return net::problem_response(400, "malformed_body");
  const auto deadline = base::Deadline::after(services_.clock.monotonic(), call_timeout);
  const auto answered = co_await (this->*call->answer)(std::move(value.as_object()), deadline);
  co_return answered ? json_response(*answered) : refusal(answered.error());
}

base::Task<AdminApi::Answer> AdminApi::replay(json::object body, base::Deadline deadline) {
  const auto stream = domain::StreamId::parse(text_in(body, "stream").value_or(""));
  const auto after = number_in(body, "after");
  const auto until = number_in(body, "until");
  if (!stream) co_return invalid("stream");
  if (!after || *after < 0 || !until) co_return invalid("after or until");
  const ports::EventQuery query{.stream = *stream, .after = domain::Seq(*after)};
  const auto page = co_await services_.events.read(query, deadline);
  std::vector<std::shared_ptr<const domain::Event>> batch;
  for (const auto& event : page.events) {
    if (event.seq.value() <= *until) batch.push_back(std::make_shared<const domain::Event>(event));
  }
  json::object answer;
  answer["published"] = batch.size();
  answer["last"] = batch.empty() ? *after : batch.back()->seq.value();
  if (!batch.empty()) {
    services_.log.info("app.events_replayed", {{"stream", stream->to_string()},
                                               {"first", batch.front()->seq.value()},
                                               {"last", batch.back()->seq.value()}});
    co_await services_.bus.publish(std::move(batch), deadline);
  }
  co_return answer;
}

base::Task<AdminApi::Answer> AdminApi::list_users(json::object body, base::Deadline deadline) {
  auto after = text_in(body, "after");
  if (!after) co_return invalid("after");
  json::array users;
  for (const auto& user : co_await services_.users.list(std::move(*after), users_page, deadline)) {
    users.push_back(account(user));
  }
  json::object answer;
  answer["users"] = std::move(users);
  co_return answer;
}

base::Task<AdminApi::Answer> AdminApi::disable(json::object body, base::Deadline deadline) {
  return set_disabled(std::move(body), true, deadline);
}

base::Task<AdminApi::Answer> AdminApi::enable(json::object body, base::Deadline deadline) {
  return set_disabled(std::move(body), false, deadline);
}

base::Task<AdminApi::Answer> AdminApi::list_dead_jobs(json::object body, base::Deadline deadline) {
  const auto text = text_in(body, "before");
  const auto before = domain::JobId::parse(text.value_or(""));
  if (!text || (!text->empty() && !before)) co_return invalid("before");
  json::array jobs;
  for (const auto& dead : co_await services_.dead_jobs.list(before, dead_jobs_page, deadline)) {
    jobs.push_back(description(dead));
  }
  json::object answer;
  answer["jobs"] = std::move(jobs);
  co_return answer;
}

base::Task<AdminApi::Answer> AdminApi::replay_dead_job(json::object body, base::Deadline deadline) {
  const auto job = domain::JobId::parse(text_in(body, "job").value_or(""));
  if (!job) co_return invalid("job");
  json::object answer;
  const auto asked =
      co_await ports::ask_again(&services_.dead_jobs, &services_.jobs, *job, deadline);
  if (!asked) {
    answer["refused"] = asked.error().reason.empty() ? "not_dead" : asked.error().reason;
    co_return answer;
  }
  services_.log.info("app.dead_job_replayed",
                     {{"job_id", job->to_string()}, {"new_job_id", asked->to_string()}});
  answer["job"] = asked->to_string();
  co_return answer;
}

base::Task<AdminApi::Answer> AdminApi::set_disabled(json::object body, bool disabled,
                                                    base::Deadline deadline) {
  auto email = domain::Email::parse(text_in(body, "email").value_or(""));
  if (!email) co_return std::unexpected(email.error());
  const auto ended = co_await services_.users.set_disabled(std::move(*email), disabled, deadline);
  if (!ended) co_return std::unexpected(ended.error());
  // Here at once; the events tell the other processes.
  for (const auto session : *ended) services_.revocations.revoke(session);
  services_.log.info(disabled ? "app.account_disabled" : "app.account_enabled",
                     {{"sessions_ended", ended->size()}});
  json::object answer;
  answer["sessionsEnded"] = ended->size();
  co_return answer;
}

}  // namespace rubricon::app
