#include <rubricon/ai_http/turn_reader.hpp>

#include <rubricon/ai_http/plain_text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace rubricon::ai_http {
namespace {

namespace json = boost::json;

constexpr std::size_t notes_max = 8;
constexpr std::size_t note_bytes_max = 500;

/// The strings of a list, tidied; what is none is left out.
std::vector<std::string> notes(const json::object& in, std::string_view key, std::size_t max) {
  std::vector<std::string> out;
  const auto* value = in.if_contains(key);
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  if (list == nullptr) return out;
  for (const auto& each : *list) {
    const auto* string = each.if_string();
    if (string == nullptr || out.size() == max) continue;
    auto note = tidied(*string, Lines::one);
    if (!note.empty() && note.size() <= note_bytes_max) out.push_back(std::move(note));
  }
  return out;
}

}  // namespace

std::string TurnReader::feed(std::string_view content) {
  return show(thoughts_.feed(content));
}

std::string TurnReader::finish() {
  auto out = show(thoughts_.finish());
  if (transport_ != Transport::schema || schema_ignored()) out += showable(fence_.finish());
  return out;
}

std::string TurnReader::show(std::string_view content) {
  content_ += content;
  switch (transport_) {
    case Transport::tool:
    case Transport::prose: return showable(fence_.feed(content));
    case Transport::schema: break;
  }
  auto text = reply_.feed(content);
  if (schema_ignored()) text = fence_.feed(content);
  return showable(text);
}

ModelTurn TurnReader::turn(const std::optional<std::string>& call_arguments) const {
  if (call_arguments) return {.rubric = call_arguments};
  if (transport_ == Transport::schema && !schema_ignored()) return turn_of_document();
  return turn_of_fence();
}

ModelTurn TurnReader::turn_of_document() const {
  ModelTurn out;
  boost::system::error_code error;
  const auto document = json::parse(content_, error);
  const auto* object = document.if_object();
  if (error || object == nullptr) {
    out.problem = "it is not JSON";
    return out;
  }
  out.questions = notes(*object, "questions", 2);
  out.assumptions = notes(*object, "assumptions", notes_max);
  const auto* action = object->if_contains("action");
  const auto* rubric = object->if_contains("rubric");
  out.asks = action != nullptr && *action == "ask";
  if (action != nullptr && *action == "replace") {
    if (rubric != nullptr && rubric->is_object()) {
      out.rubric = json::serialize(*rubric);
    } else {
      out.problem = "action is replace but rubric is missing";
    }
  }
  return out;
}

ModelTurn TurnReader::turn_of_fence() const {
  ModelTurn out;
  if (fence_.blocks() == 0) return out;
  if (fence_.blocks() > 1) {
    out.problem = "there must be one block only";
  } else if (fence_.open()) {
    out.problem = "the block is not closed";
  } else {
    out.rubric = fence_.document();
  }
  return out;
}

}  // namespace rubricon::ai_http
