#include <rubricon/ai_http/conversation.hpp>

#include <rubricon/ai_http/model_rubric.hpp>
#include <rubricon/ai_http/plain_text.hpp>
#include <rubricon/ai_http/prompts.hpp>
#include <rubricon/ai_http/token_estimate.hpp>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace rubricon::ai_http {
namespace {

namespace json = boost::json;
using Role = ChatMessage::Role;

/// Of each message, for roles and separators.
constexpr std::size_t message_tokens = 8;

json::value cleaned(const json::value& value) {
  if (const auto* string = value.if_string()) return json::string(without_invisible(*string));
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& each : *array) out.push_back(cleaned(each));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& each : *object) out[without_invisible(each.key())] = cleaned(each.value());
    return out;
  }
  return value;
}

/// What is known about the work; null where nothing is.
json::value context_of(const ports::AiRequest& request) {
  boost::system::error_code error;
  auto context = json::parse(request.context, error);
  if (error) return nullptr;
  if (const auto* object = context.if_object(); object != nullptr && object->empty()) {
    return nullptr;
  }
  return cleaned(context);
}

enum class Context { whole, left_out };

std::string last_message(const Question& question, Context context) {
  const auto& texts = prompts(question.locale);
  json::object material;
  if (question.rubric) material["rubric"] = to_model(*question.rubric, question.locale);
  if (auto known = context_of(question.request); !known.is_null()) {
    if (context == Context::whole) {
      material["context"] = std::move(known);
    } else {
      material["context_left_out"] = "too long";
    }
  }
  const auto message = without_invisible(question.request.message);
  if (material.empty()) return message;
  const auto marker = "DATA-" + question.nonce;
  return fmt::format("{}\n{}\n{}\n{}\n\n{}\n{}", texts.section("material"), marker,
                     json::serialize(material), marker, texts.section("message"), message);
}

std::string system_message(const Question& question, Transport transport) {
  const auto& texts = prompts(question.locale);
  return texts.filled("system", "{marker}", "DATA-" + question.nonce) + "\n\n" +
         texts.section(to_string(transport));
}

std::size_t tokens_of(const ChatMessage& message) {
  return estimated_tokens(message.text) + message_tokens;
}

/// The newest of what was said before that fits into `tokens`.
std::vector<ChatMessage> history(const ports::AiRequest& request, std::size_t tokens) {
  std::vector<ChatMessage> newest_first;
  for (auto it = request.history.rbegin(); it != request.history.rend(); ++it) {
    ChatMessage message{it->role == domain::MessageRole::ai ? Role::assistant : Role::user,
                        without_invisible(it->content)};
    if (message.text.empty()) continue;
    const auto cost = tokens_of(message);
    if (cost > tokens) break;
    tokens -= cost;
    newest_first.push_back(std::move(message));
  }
  std::ranges::reverse(newest_first);
  return newest_first;
}

void add(std::vector<ChatMessage>& messages, ChatMessage message) {
  auto& last = messages.back();
  if (last.role == Role::system && message.role == Role::assistant) return;
  if (last.role == message.role) {
    last.text += "\n\n" + message.text;
  } else {
    messages.push_back(std::move(message));
  }
}

}  // namespace

domain::Locale language_of(const ports::AiRequest& request) {
  if (has_han(request.message)) return domain::Locale::zh_tw;
  const bool letters = std::ranges::any_of(
      request.message, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  return letters ? domain::Locale::en : request.locale;
}

base::Result<std::vector<ChatMessage>> conversation(const Question& question, Transport transport,
                                                    std::size_t tokens_max) {
  std::vector<ChatMessage> messages = {{Role::system, system_message(question, transport)}};
  ChatMessage last{Role::user, last_message(question, Context::whole)};
  const auto system_tokens = tokens_of(messages.front());
  const auto fits = [&] { return system_tokens + tokens_of(last) <= tokens_max; };
  if (!fits()) last.text = last_message(question, Context::left_out);
  if (!fits()) {
    return base::fail(base::ErrorCode::too_large, "the question is too long for the model",
                      "ai_question_too_long");
  }
  for (auto& said : history(question.request, tokens_max - system_tokens - tokens_of(last))) {
    add(messages, std::move(said));
  }
  add(messages, std::move(last));
  return messages;
}

void ask_for_repair(std::vector<ChatMessage>& messages, std::string_view answered,
                    std::string_view error, domain::Locale locale) {
  constexpr std::size_t answered_bytes_max = 64 * 1024;
  auto kept = answered.size();
  if (kept > answered_bytes_max) {
    kept = answered_bytes_max;
    while (kept > 0 && (static_cast<unsigned char>(answered[kept]) & 0xC0) == 0x80) --kept;
  }
  messages.push_back({Role::assistant, std::string(answered.substr(0, kept))});
  messages.push_back({Role::user, prompts(locale).filled("repair", "{error}", error)});
}

}  // namespace rubricon::ai_http
