#include <rubricon/ai_http/completion.hpp>

#include <rubricon/ai_http/plain_text.hpp>
#include <rubricon/domain/text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace rubricon::ai_http {
namespace {

namespace json = boost::json;

const json::object* object_in(const json::object* in, std::string_view key) {
  const auto* value = in != nullptr ? in->if_contains(key) : nullptr;
  return value != nullptr ? value->if_object() : nullptr;
}

std::string_view string_in(const json::object* in, std::string_view key) {
  const auto* value = in != nullptr ? in->if_contains(key) : nullptr;
  const auto* string = value != nullptr ? value->if_string() : nullptr;
  return string != nullptr ? std::string_view(*string) : std::string_view();
}

std::int64_t count_in(const json::object& in, std::string_view key) {
  const auto* value = in.if_contains(key);
  const auto* count = value != nullptr ? value->if_int64() : nullptr;
  return count != nullptr && *count > 0 ? *count : 0;
}

int code_in(const json::object& error) {
  const auto* value = error.if_contains("code");
  const auto* code = value != nullptr ? value->if_int64() : nullptr;
  return code != nullptr && *code >= 100 && *code <= 599 ? static_cast<int>(*code) : 0;
}

std::string shortened(std::string_view text) {
  constexpr std::size_t bytes_max = 300;
  auto out = tidied(text.substr(0, bytes_max), Lines::one);
  while (!out.empty() && !domain::is_utf8(out)) out.pop_back();
  return out;
}

json::value parsed(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  return error ? json::value() : value;
}

StreamError malformed(const char* why) {
  return {.kind = StreamError::Kind::malformed, .message = why};
}

const json::object* first_choice(const json::object& chunk) {
  const auto* choices = chunk.if_contains("choices");
  const auto* list = choices != nullptr ? choices->if_array() : nullptr;
  return list != nullptr && !list->empty() ? list->front().if_object() : nullptr;
}

}  // namespace

std::string error_message(std::string_view body) {
  const auto document = parsed(body);
  const auto* outer = document.if_object();
  if (outer == nullptr) return shortened(body);
  if (const auto said = string_in(object_in(outer, "error"), "message"); !said.empty()) {
    return shortened(said);
  }
  for (const auto* key : {"error", "message", "detail"}) {
    if (const auto said = string_in(outer, key); !said.empty()) return shortened(said);
  }
  return shortened(body);
}

std::expected<CompletionReader::Delta, StreamError> CompletionReader::take(const SseEvent& event) {
  const auto document = parsed(event.data);
  const auto* chunk = document.if_object();
  const auto* error = chunk != nullptr ? chunk->if_contains("error") : nullptr;
  if (event.name == "error" || (error != nullptr && !error->is_null())) {
    const auto* details = object_in(chunk, "error");
    return std::unexpected(StreamError{.kind = StreamError::Kind::reported,
                                       .code = details != nullptr ? code_in(*details) : 0,
                                       .message = error_message(event.data)});
  }
  if (chunk == nullptr) return std::unexpected(malformed("an event that is no JSON object"));
  if (const auto* usage = object_in(chunk, "usage")) {
    tokens_ = {count_in(*usage, "prompt_tokens"), count_in(*usage, "completion_tokens")};
  }
  Delta out;
  const auto* choice = first_choice(*chunk);
  if (choice == nullptr) return out;
  if (const auto reason = string_in(choice, "finish_reason"); !reason.empty()) {
    finish_reason_ = reason;
  }
  const auto* delta = object_in(choice, "delta");
  if (delta == nullptr) return out;
  out.text = string_in(delta, "content");
  out.token = !out.text.empty() || !string_in(delta, "reasoning_content").empty() ||
              !string_in(delta, "reasoning").empty();
  const auto* calls = delta->if_contains("tool_calls");
  if (calls == nullptr || !calls->is_array()) return out;
  for (const auto& each : calls->get_array()) {
    const auto* call = each.if_object();
    if (call == nullptr || count_in(*call, "index") != 0) continue;  // the first call counts
    const auto* function = object_in(call, "function");
    out.token = true;
    if (const auto name = string_in(function, "name"); !name.empty() && !called_) {
      of_other_tool_ = name != "set_rubric";
    }
    if (of_other_tool_) continue;
    called_ = true;
    call_arguments_ += string_in(function, "arguments");
  }
  return out;
}

}  // namespace rubricon::ai_http
