#include <rubricon/api/rubric_version_routes.hpp>

#include <rubricon/api/object_reader.hpp>
#include <rubricon/api/query_reader.hpp>
#include <rubricon/api/rubric_routes.hpp>
#include <rubricon/api/wire.hpp>
#include <rubricon/domain/rubric_changes.hpp>

#include <limits>
#include <span>
#include <utility>

namespace rubricon::api {
namespace {

using Records = std::vector<ports::RubricRecord>;

constexpr std::int64_t limit_default = 20;
constexpr std::int64_t limit_max = 50;
constexpr std::int64_t version_max = std::numeric_limits<std::int64_t>::max();

struct PageQuery {
  domain::RubricVersion before;
  std::size_t limit = 0;
};

base::Result<PageQuery> read_page_query(const net::HttpHead& head) {
  QueryReader reader(head, {"before", "limit"});
  const auto before = reader.integer("before", 1, version_max);
  const auto limit = reader.integer("limit", 1, limit_max);
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return PageQuery{domain::RubricVersion(before.value_or(version_max)),
                   static_cast<std::size_t>(limit.value_or(limit_default))};
}

void write_changes(JsonText& json, const domain::RubricChanges& changes) {
  json.begin_object();
  for (const auto& [name, count] : {
           std::pair{"cells", changes.cells},
           {"weights", changes.weights},
           {"names", changes.names},
           {"criteriaAdded", changes.criteria_added},
           {"criteriaRemoved", changes.criteria_removed},
           {"levelsAdded", changes.levels_added},
           {"levelsRemoved", changes.levels_removed},
           {"locks", changes.locks},
           {"settings", changes.settings},
       }) {
    if (count > 0) json.key(name).number(static_cast<std::int64_t>(count));
  }
  json.end_object();
}

using Document = base::Result<domain::Rubric>;

/// `older`: the version before, which the chat's first has not.
void write_entry(JsonText& json, const ports::RubricRecord& record, const Document& now,
                 const Document* older) {
  json.begin_object();
  write_rubric_head(json, record);
  json.key("digest").text(domain::document_digest(record.document));
  if (now && older != nullptr && *older) {
    json.key("changes");
    write_changes(json, domain::changes_between(**older, *now));
  }
  json.end_object();
}

/// `records`: one more than the page has, where there is an older one.
net::HttpResponse page_response(const Records& records, std::size_t limit) {
  const std::span shown(records.data(), std::min(limit, records.size()));
  std::vector<Document> documents;
  for (const auto& record : records) documents.push_back(domain::parse_rubric(record.document));
  JsonText json;
  json.begin_object().key("versions").begin_array();
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto* const older = i + 1 < documents.size() ? &documents[i + 1] : nullptr;
    write_entry(json, shown[i], documents[i], older);
  }
  json.end_array().key("nextBefore");
  if (records.size() > limit) {
    json.number(shown.back().version.value());
  } else {
    json.null();
  }
  json.end_object();
  return json_response(200, std::move(json));
}

}  // namespace

void RubricVersionRoutes::add_to(Router& router) {
  router.add({Method::get, "/api/chat/{chatId}/rubric/versions", "listRubricVersions",
              Access::signed_in, [this](ApiRequest r) { return list(std::move(r)); }});
  router.add({Method::get, "/api/chat/{chatId}/rubric/versions/{version}", "getRubricVersion",
              Access::signed_in, [this](ApiRequest r) { return get(std::move(r)); }});
  router.add({Method::post, "/api/chat/{chatId}/rubric/versions/{version}/restore",
              "restoreRubricVersion", Access::signed_in,
              [this](ApiRequest r) { return restore(std::move(r)); }});
}

base::Task<ApiResult> RubricVersionRoutes::list(ApiRequest request) {
  const auto query = read_page_query(*request.head);
  if (!query) co_return std::unexpected(query.error());
  const auto records = co_await services_.rubrics.versions(
      request.user(), request.chat(), query->before, query->limit + 1, request.deadline);
  if (!records) co_return std::unexpected(records.error());
  co_return page_response(*records, query->limit);
}

base::Task<ApiResult> RubricVersionRoutes::get(ApiRequest request) {
  const domain::RubricVersion version(request.number);
  const auto record =
      co_await services_.rubrics.version(request.user(), request.chat(), version, request.deadline);
  if (!record) co_return std::unexpected(record.error());
  co_return rubric_response(*record);
}

base::Task<ApiResult> RubricVersionRoutes::restore(ApiRequest request) {
  const auto expected = expected_version(*request.head);
  if (!expected) co_return std::unexpected(expected.error());
  const auto body = parse_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  ObjectReader reader(*body, {});
  if (auto done = reader.finish(); !done) co_return std::unexpected(std::move(done.error()));
  const domain::RubricVersion version(request.number);
  auto older =
      co_await services_.rubrics.version(request.user(), request.chat(), version, request.deadline);
  if (!older) co_return std::unexpected(std::move(older.error()));
  ports::PutRubric change{request.user(), request.chat(), *expected, std::move(older->document),
                          request.trace};
  const auto record = co_await services_.rubrics.put(std::move(change), request.deadline);
  if (!record) co_return std::unexpected(record.error());
  co_return rubric_response(*record);
}

}  // namespace rubricon::api
