#include <rubricon/ai_http/conversation.hpp>

#include <rubricon/ai_http/model_rubric.hpp>
#include <rubricon/ai_http/plain_text.hpp>
#include <rubricon/ai_http/prompts.hpp>
#include <rubricon/ai_http/token_estimate.hpp>
#include <rubricon/ports/job_store.hpp>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>

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

/// What is known about the work, and the names of what had to be left out of it.
struct Known {
  json::value context;
  std::vector<std::string> left_out;
};

std::string last_message(const Question& question, const Known& known) {
  const auto& texts = prompts(question.locale);
  json::object material;
  if (question.rubric) material["rubric"] = to_model(*question.rubric, question.locale);
  if (!known.context.is_null()) material["context"] = known.context;
  if (!known.left_out.empty()) material["context_left_out"] = json::value_from(known.left_out);
  const auto message = without_invisible(question.request.message);
  if (material.empty()) return message;
  const auto marker = "DATA-" + question.nonce;
  return fmt::format("{}\n{}\n{}\n{}\n\n{}\n{}", texts.section("material"), marker,
                     json::serialize(material), marker, texts.section("message"), message);
}

/// Takes the longest part out; false where there is none.
bool shorten(Known& known) {
  if (known.context.is_null()) return false;
  auto* const parts = known.context.if_object();
  if (parts == nullptr) {
    known = {.context = nullptr, .left_out = {"context"}};
    return true;
  }
  const auto longest = std::ranges::max_element(
      *parts, {}, [](const auto& part) { return json::serialize(part.value()).size(); });
  known.left_out.emplace_back(longest->key());
  parts->erase(longest);
  if (parts->empty()) known.context = nullptr;
  return true;
}

std::string system_message(const Question& question, Transport transport) {
  const auto& texts = prompts(question.locale);
  return texts.filled("system", "{marker}", "DATA-" + question.nonce) + "\n\n" +
         texts.section(to_string(transport));
}

std::size_t tokens_of(const ChatMessage& message) {
  return estimated_tokens(message.text) + message_tokens;
}

/// What a teacher said, and what was answered: said to the model together or not at all.
struct Turn {
  std::vector<ChatMessage> messages;
  std::size_t tokens = 0;
};

/// Oldest first. What was answered to nothing is left out: some models insist that a user begins.
std::vector<Turn> turns_of(const ports::AiRequest& request) {
  std::vector<Turn> turns;
  for (const auto& said : request.history) {
    ChatMessage message{said.role == domain::MessageRole::ai ? Role::assistant : Role::user,
                        without_invisible(said.content)};
    if (message.text.empty()) continue;
    const bool begins = message.role == Role::user &&
                        (turns.empty() || turns.back().messages.back().role == Role::assistant);
    if (begins) turns.emplace_back();
    if (turns.empty()) continue;
    turns.back().tokens += tokens_of(message);
    turns.back().messages.push_back(std::move(message));
  }
  return turns;
}

/// How many of the newest turns fit into `tokens`, one after the other.
std::size_t newest_that_fit(const std::vector<Turn>& turns, std::size_t tokens) {
  std::size_t count = 0;
  for (auto turn = turns.rbegin(); turn != turns.rend() && turn->tokens <= tokens; ++turn) {
    tokens -= turn->tokens;
    ++count;
  }
  return count;
}

void add(std::vector<ChatMessage>& messages, ChatMessage message) {
  auto& last = messages.back();
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
  ChatMessage system{Role::system, system_message(question, transport)};
  const auto note = "\n\n" + prompts(question.locale).section("left_out");
  Known known{.context = context_of(question.request), .left_out = {}};
  ChatMessage last{Role::user, last_message(question, known)};
  const auto turns = turns_of(question.request);
  // With room for the note, whether it will be needed or not.
  const auto fixed_tokens = tokens_of(system) + estimated_tokens(note);
  const auto fits = [&] { return fixed_tokens + tokens_of(last) <= tokens_max; };
  while (!fits() && shorten(known)) last.text = last_message(question, known);
  if (!fits()) {
    return base::fail(base::ErrorCode::too_large, "the question is too long for the model",
                      "ai_question_too_long");
  }
  const auto said = newest_that_fit(turns, tokens_max - fixed_tokens - tokens_of(last));
  const bool all = said == turns.size() && known.left_out.empty() &&
                   question.request.history.size() < ports::prompt_history_max;
  if (!all) system.text += note;
  std::vector<ChatMessage> messages = {std::move(system)};
  for (auto turn = turns.end() - static_cast<std::ptrdiff_t>(said); turn != turns.end(); ++turn) {
    for (const auto& message : turn->messages) add(messages, message);
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
