#include <rubricon/api/admin_routes.hpp>

#include <rubricon/api/object_reader.hpp>
#include <rubricon/api/query_reader.hpp>
#include <rubricon/api/wire.hpp>
#include <rubricon/observability/log.hpp>

namespace rubricon::api {
namespace {

constexpr std::int64_t limit_default = 50;
constexpr std::int64_t limit_max = 100;

struct DeadJobsQuery {
  std::optional<domain::JobId> before = {};
  std::size_t limit;
};

base::Result<DeadJobsQuery> read_query(const net::HttpHead& head) {
  QueryReader reader(head, {"before", "limit"});
  const auto before = reader.id("before");
  const auto limit = reader.integer("limit", 1, limit_max);
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  DeadJobsQuery query{.limit = static_cast<std::size_t>(limit.value_or(limit_default))};
  if (before) query.before = domain::JobId(*before);
  return query;
}

}  // namespace

void AdminRoutes::add_to(Router& router) {
  router.add({Method::get, "/api/admin/jobs/dead", "listDeadJobs", Access::administrator,
              [this](ApiRequest r) { return dead_jobs(std::move(r)); }});
  router.add({Method::post, "/api/admin/jobs/dead/{jobId}/replay", "replayDeadJob",
              Access::administrator, [this](ApiRequest r) { return replay(std::move(r)); }});
}

base::Task<ApiResult> AdminRoutes::dead_jobs(ApiRequest request) {
  const auto query = read_query(*request.head);
  if (!query) co_return std::unexpected(query.error());
  const auto jobs =
      co_await services_.dead_jobs.list(query->before, query->limit, request.deadline);
  JsonText json;
  json.begin_object().key("jobs").begin_array();
  for (const auto& dead : jobs) write_dead_job(json, dead);
  json.end_array().end_object();
  co_return json_response(200, std::move(json));
}

base::Task<ApiResult> AdminRoutes::replay(ApiRequest request) {
  const auto body = parse_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  if (auto empty = ObjectReader(*body, {}).finish(); !empty) {
    co_return std::unexpected(std::move(empty.error()));
  }
  const domain::JobId job(request.params.at(0));
  const auto asked =
      co_await ports::ask_again(&services_.dead_jobs, &services_.jobs, job, request.deadline);
  if (!asked) co_return std::unexpected(asked.error());
  services_.log.info("api.dead_job_replayed",
                     {{"job_id", job.to_string()}, {"new_job_id", asked->to_string()}});
  JsonText json;
  json.begin_object().key("jobId").text(asked->to_string()).end_object();
  co_return json_response(202, std::move(json));
}

}  // namespace rubricon::api
