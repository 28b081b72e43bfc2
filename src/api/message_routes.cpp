#include <rubricon/api/message_routes.hpp>

#include <rubricon/api/idempotency.hpp>
#include <rubricon/api/object_reader.hpp>
#include <rubricon/api/query_reader.hpp>
#include <rubricon/api/wire.hpp>

#include <limits>

namespace rubricon::api {
namespace {

/// 32 KiB of content may take six times as much when every byte of it is written as \u00xx.
constexpr std::size_t content_body_max = 256 * 1024;

base::Result<ports::SubmitMessage> read_post(const ApiRequest& request) {
  const auto object = parse_object(request.body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"chatId", "content", "clientId", "attachments"});
  reader.require({"chatId", "content"});
  const auto chat = reader.text("chatId");
  auto content = reader.parsed<domain::MessageText>("content");
  const auto* attachments = reader.list("attachments");
  if (attachments != nullptr && !attachments->empty()) {
    reader.report("attachments", "attachments_unsupported", "must be empty: files come later");
  }
  const auto client_id = reader.parsed<domain::IdempotencyKey>("clientId");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  const auto key = idempotency_key(*request.head, client_id ? client_id->value() : "");
  if (!key) return std::unexpected(key.error());
  return ports::SubmitMessage{.sender = *request.identity,
                              .access_token = {},
                              .chat_id = std::string(*chat),
                              .content = content->value(),
                              .client_id = *key ? (*key)->value() : std::string(),
                              .trace = request.trace};
}

base::Result<domain::MessageText> read_edit(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"content"});
  reader.require({"content"});
  auto content = reader.parsed<domain::MessageText>("content");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return std::move(*content);
}

base::Result<ports::MessageQuery> read_query(const net::HttpHead& head) {
  constexpr std::int64_t limit_max = 100, limit_default = 20;
  constexpr auto seq_max = std::numeric_limits<std::int64_t>::max();
  QueryReader reader(head, {"before", "after", "limit"});
  const auto before = reader.integer("before", 1, seq_max);
  const auto after = reader.integer("after", 0, seq_max);
  const auto limit = reader.integer("limit", 1, limit_max);
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  ports::MessageQuery query;
  if (before) query.before = domain::Seq(*before);
  if (after) query.after = domain::Seq(*after);
  query.limit = static_cast<std::size_t>(limit.value_or(limit_default));
  return query;
}

base::Result<domain::Seq> read_question(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"replyTo"});
  reader.require({"replyTo"});
  const auto seq = reader.integer("replyTo");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return domain::Seq(*seq);
}

domain::MessageId message_of(const ApiRequest& request) {
  return domain::MessageId(request.params.at(1));
}

/// What was asked for happens soon, and is told in the chat's stream.
ApiResult accepted(domain::JobId job) {
  JsonText json;
  json.begin_object().key("jobId").text(job.to_string()).end_object();
  return json_response(202, std::move(json));
}

}  // namespace

void MessageRoutes::add_to(Router& router) {
  router.add({Method::post, "/api/chat/messages", "postMessage", Access::signed_in,
              [this](ApiRequest r) { return post(std::move(r)); }, content_body_max});
  router.add({Method::get, "/api/chat/{chatId}/messages", "listMessages", Access::signed_in,
              [this](ApiRequest r) { return page(std::move(r)); }});
  router.add({Method::patch, "/api/chat/{chatId}/messages/{messageId}", "editMessage",
              Access::signed_in, [this](ApiRequest r) { return edit(std::move(r)); },
              content_body_max});
  router.add({Method::del, "/api/chat/{chatId}/messages/{messageId}", "deleteMessage",
              Access::signed_in, [this](ApiRequest r) { return remove(std::move(r)); }});
  router.add({Method::post, "/api/chat/{chatId}/answer/regenerate", "regenerateAnswer",
              Access::signed_in, [this](ApiRequest r) { return regenerate(std::move(r)); }});
  router.add({Method::post, "/api/chat/{chatId}/answer/stop", "stopAnswer", Access::signed_in,
              [this](ApiRequest r) { return stop(std::move(r)); }});
}

base::Task<ApiResult> MessageRoutes::post(ApiRequest request) {
  auto message = read_post(request);
  if (!message) co_return std::unexpected(std::move(message.error()));
  const auto posted = co_await submitter_.submit(std::move(*message), request.deadline);
  if (!posted) co_return std::unexpected(posted.error());
  JsonText json;
  write_posted(json, *posted);
  co_return json_response(201, std::move(json));
}

base::Task<ApiResult> MessageRoutes::page(ApiRequest request) {
  const auto query = read_query(*request.head);
  if (!query) co_return std::unexpected(query.error());
  const auto messages =
      co_await services_.messages.page(request.user(), request.chat(), *query, request.deadline);
  if (!messages) co_return std::unexpected(messages.error());
  JsonText json;
  json.begin_object().key("msgs").begin_array();
  for (const auto& message : *messages) write_message(json, message);
  json.end_array().end_object();
  co_return json_response(200, std::move(json));
}

base::Task<ApiResult> MessageRoutes::edit(ApiRequest request) {
  auto content = read_edit(request.body);
  if (!content) co_return std::unexpected(std::move(content.error()));
  if (auto allowed = co_await limits_.message(request.user()); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  const auto message = co_await services_.messages.edit(
      request.user(), request.chat(), message_of(request), std::move(*content), request.deadline);
  if (!message) co_return std::unexpected(message.error());
  JsonText json;
  write_message(json, *message);
  co_return json_response(200, std::move(json));
}

base::Task<ApiResult> MessageRoutes::remove(ApiRequest request) {
  auto done = co_await services_.messages.remove(request.user(), request.chat(),
                                                 message_of(request), request.deadline);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return no_content();
}

base::Task<ApiResult> MessageRoutes::regenerate(ApiRequest request) {
  const auto question = read_question(request.body);
  if (!question) co_return std::unexpected(question.error());
  if (auto allowed = co_await limits_.message(request.user()); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  const auto job = co_await services_.messages.ask_again(request.user(), request.chat(), *question,
                                                         request.deadline);
  if (!job) co_return std::unexpected(job.error());
  co_await ports::try_to_announce(&services_.jobs, *job, request.deadline);
  co_return accepted(*job);
}

base::Task<ApiResult> MessageRoutes::stop(ApiRequest request) {
  const auto question = read_question(request.body);
  if (!question) co_return std::unexpected(question.error());
  const auto job = co_await services_.messages.stop_answer(request.user(), request.chat(),
                                                           *question, request.deadline);
  if (!job) co_return std::unexpected(job.error());
  co_return accepted(*job);
}

}  // namespace rubricon::api
