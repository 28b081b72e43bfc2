#include <rubricon/ai_http/chat_request.hpp>

#include <rubricon/base/assert.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace rubricon::ai_http {

namespace embedded {
extern const std::string_view llm_schemas;
}  // namespace embedded

namespace {

namespace json = boost::json;

const json::object& rubric_turn_schema() {
  static const json::value schemas = json::parse(embedded::llm_schemas);
  return schemas.at("rubric_turn").as_object();
}

json::object set_rubric_tool() {
  const auto& properties =
      rubric_turn_schema().at("json_schema").at("schema").at("properties").as_object();
  const auto& rubric = properties.at("rubric").at("anyOf").at(0);
  const json::object parameters = {{"type", "object"},
                                   {"properties", {{"rubric", rubric}}},
                                   {"required", json::array{"rubric"}},
                                   {"additionalProperties", false}};
  return {{"type", "function"},
          {"function",
           {{"name", "set_rubric"},
            {"description", "Replaces the rubric. Give all of it, with every id kept."},
            {"parameters", parameters}}}};
}

const char* to_string(ChatMessage::Role role) {
  switch (role) {
    case ChatMessage::Role::system: return "system";
    case ChatMessage::Role::user: return "user";
    case ChatMessage::Role::assistant: return "assistant";
  }
  RUBRICON_ASSERT(false);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

bool mentions(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](auto word) { return text.contains(word); });
}

/// Statuses with which servers refuse parameters; some say 500 or 501 (llama.cpp), 404 (routers).
bool may_refuse_parameters(int status) {
  constexpr std::array statuses = {400, 404, 422, 500, 501};
  return std::ranges::find(statuses, status) != statuses.end();
}

}  // namespace

const char* to_string(Transport transport) noexcept {
  switch (transport) {
    case Transport::tool: return "tool";
    case Transport::schema: return "schema";
    case Transport::prose: return "prose";
  }
  RUBRICON_ASSERT(false);
}

std::string request_body(const std::string& model, const std::vector<ChatMessage>& messages,
                         const Dialect& dialect, std::size_t answer_tokens_max) {
  json::array said;
  for (const auto& message : messages) {
    said.push_back({{"role", to_string(message.role)}, {"content", message.text}});
  }
  json::object body = {{"model", model}, {"messages", std::move(said)}, {"stream", true}};
  if (dialect.usage) body["stream_options"] = {{"include_usage", true}};
  if (dialect.token_limit == TokenLimit::max_tokens) body["max_tokens"] = answer_tokens_max;
  if (dialect.token_limit == TokenLimit::max_completion_tokens) {
    body["max_completion_tokens"] = answer_tokens_max;
  }
  if (dialect.transport == Transport::tool) body["tools"] = json::array{set_rubric_tool()};
  if (dialect.transport == Transport::schema) body["response_format"] = rubric_turn_schema();
  return json::serialize(body);
}

std::optional<Dialect> dialect_after(const Dialect& dialect, int status, std::string_view body) {
  if (!may_refuse_parameters(status)) return std::nullopt;
  const auto text = lower_case(body);
  auto next = dialect;
  // These count what functions and completion take and name them while they do so.
  if (mentions(text, {"context length", "context_length", "context size", "context window"})) {
    if (dialect.token_limit == TokenLimit::none || !text.contains("completion"))
      return std::nullopt;
    next.token_limit = TokenLimit::none;  // what is left of a small context is enough
    return next;
  }
  if (dialect.token_limit == TokenLimit::max_tokens && text.contains("max_tokens")) {
    next.token_limit = text.contains("max_completion_tokens") ? TokenLimit::max_completion_tokens
                                                              : TokenLimit::none;
  } else if (dialect.token_limit == TokenLimit::max_completion_tokens &&
             text.contains("max_completion_tokens")) {
    next.token_limit = TokenLimit::none;
  } else if (dialect.usage && mentions(text, {"stream_options", "include_usage"})) {
    next.usage = false;
  } else if (dialect.transport == Transport::tool &&
             mentions(text, {"tool", "function", "jinja"})) {
    next.transport = Transport::schema;
  } else if (dialect.transport == Transport::schema &&
             mentions(text, {"response_format", "json_schema", "json schema", "structured output",
                             "grammar", "schema"})) {
    next.transport = Transport::prose;
  } else {
    return std::nullopt;
  }
  return next;
}

}  // namespace rubricon::ai_http
