#include <rubricon/app/http_submitter.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/fault.hpp>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace rubricon::app {
namespace {

namespace json = boost::json;
using base::ErrorCode;

std::string text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::int64_t> number_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

std::optional<ErrorCode> refusal(unsigned status, std::string_view code) {
  switch (status) {
    case 400: return ErrorCode::invalid;
    case 401:
      return code == "token_expired" ? ErrorCode::token_expired : ErrorCode::unauthenticated;
    case 403: return ErrorCode::forbidden;
    case 404: return ErrorCode::not_found;
    case 409: return ErrorCode::conflict;
    case 413: return ErrorCode::too_large;
    case 422: return ErrorCode::idempotency_mismatch;
    case 429: return ErrorCode::rate_limited;
    default: return std::nullopt;
  }
}

json::object body_of(const ports::SubmitMessage& message) {
  json::object body;
  body["chatId"] = message.chat_id;
  body["content"] = message.content;
  if (!message.client_id.empty()) body["clientId"] = message.client_id;
  return body;
}

}  // namespace

base::Task<base::Result<ports::PostedMessage>> HttpSubmitter::submit(ports::SubmitMessage message,
                                                                     base::Deadline deadline) {
  rest_client::RestRequest request{.method = "POST",
                                   .path = "/api/chat/messages",
                                   .authorization = "Bearer " + message.access_token,
                                   .traceparent = message.trace,
                                   .body = json::serialize(body_of(message))};
  const auto left = std::chrono::ceil<base::Milliseconds>(deadline.remaining(clock_.monotonic()));
  try {
    co_return posted_message(co_await rest_client::ask(api_, std::move(request), left));
  } catch (const boost::system::system_error& error) {
    if (base::is_cancellation(error)) throw;
    throw base::Unavailable(fmt::format("the api does not answer: {}", error.what()));
  }
}

base::Result<ports::PostedMessage> posted_message(const rest_client::RestReply& reply) {
  const auto* body = reply.body.if_object();
  if (!body) throw base::Unavailable(fmt::format("the api answered {} without JSON", reply.status));
  if (reply.status != 201) {
    auto code = text_at(*body, "code");
    const auto refused = refusal(reply.status, code);
    if (!refused) throw base::Unavailable(fmt::format("the api answered {}", reply.status));
    if (code == base::to_string(*refused)) code.clear();
    return base::fail(*refused, text_at(*body, "detail"), std::move(code));
  }
  const auto id = domain::MessageId::parse(text_at(*body, "id"));
  const auto at = base::parse_time(text_at(*body, "time"));
  const auto seq = number_at(*body, "seq");
  const auto epoch = number_at(*body, "epoch");
  if (!id || !at || !seq || !epoch) {
    throw base::Unavailable("the api answered 201 without what belongs to it");
  }
  return ports::PostedMessage{*id, {domain::Epoch(*epoch), domain::Seq(*seq)}, *at};
}

}  // namespace rubricon::app
