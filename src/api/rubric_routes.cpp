#include <rubricon/api/rubric_routes.hpp>

#include <rubricon/api/query_reader.hpp>
#include <rubricon/api/wire.hpp>
#include <rubricon/domain/rubric.hpp>

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace rubricon::api {
namespace {

using base::ErrorCode;
using base::fail;

/// The proposal that a PUT answers, where it answers one.
base::Result<std::optional<domain::Seq>> read_answers(const net::HttpHead& head) {
  QueryReader reader(head, {"answers"});
  const auto seq = reader.integer("answers", 1, std::numeric_limits<std::int64_t>::max());
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return seq ? std::optional(domain::Seq(*seq)) : std::nullopt;
}

}  // namespace

void RubricRoutes::add_to(Router& router) {
  router.add({Method::get, "/api/chat/{chatId}/rubric", "getRubric", Access::signed_in,
              [this](ApiRequest r) { return get(std::move(r)); }});
  router.add({Method::put, "/api/chat/{chatId}/rubric", "putRubric", Access::signed_in,
              [this](ApiRequest r) { return put(std::move(r)); }});
}

base::Task<ApiResult> RubricRoutes::get(ApiRequest request) {
  const auto record =
      co_await services_.rubrics.get(request.user(), request.chat(), request.deadline);
  if (!record) co_return std::unexpected(record.error());
  co_return rubric_response(*record);
}

base::Task<ApiResult> RubricRoutes::put(ApiRequest request) {
  const auto expected = expected_version(*request.head);
  if (!expected) co_return std::unexpected(expected.error());
  auto document = read_rubric_document(request.body);
  if (!document) co_return std::unexpected(std::move(document.error()));
  const auto answers = read_answers(*request.head);
  if (!answers) co_return std::unexpected(answers.error());
  ports::PutRubric change{request.user(),       request.chat(), *expected,
                          std::move(*document), request.trace,  *answers};
  const auto record = co_await services_.rubrics.put(std::move(change), request.deadline);
  if (!record) co_return std::unexpected(record.error());
  co_return rubric_response(*record);
}

net::HttpResponse rubric_response(const ports::RubricRecord& record) {
  JsonText json;
  write_rubric(json, record);
  auto response = json_response(200, std::move(json));
  response.headers.set("ETag", fmt::format("\"{}\"", record.version.value()));
  return response;
}

base::Result<std::string> read_rubric_document(std::string_view body) {
  if (const auto object = parse_object(body); !object) return std::unexpected(object.error());
  const auto rubric = domain::parse_rubric(body);
  if (!rubric) return std::unexpected(rubric.error());
  return domain::to_json(*rubric);
}

base::Result<domain::RubricVersion> expected_version(const net::HttpHead& head) {
  const auto text = head.header("If-Match");
  if (!text) {
    return fail(ErrorCode::invalid, "If-Match must name the version that was edited.",
                "precondition_required");
  }
  const auto refused = [] {
    return fail(ErrorCode::invalid, "If-Match must be one version in quotes, such as \"3\".",
                "invalid_precondition");
  };
  if (head.headers.count("If-Match") != 1) return refused();
  if (text->size() < 3 || text->front() != '"' || text->back() != '"') return refused();
  const auto digits = text->substr(1, text->size() - 2);
  std::int64_t version = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, version);
  if (error != std::errc() || rest != end || version < 0 || digits.front() == '-') return refused();
  return domain::RubricVersion(version);
}

}  // namespace rubricon::api
