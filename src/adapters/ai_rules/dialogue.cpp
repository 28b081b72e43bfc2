#include <rubricon/ai_rules/dialogue.hpp>

#include <rubricon/ai_rules/likeness.hpp>
#include <rubricon/ai_rules/resolve.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

namespace json = boost::json;

constexpr std::size_t reply_bytes_max = 120;
constexpr std::size_t part_width_min = 4;      ///< one character of a label is not an answer
constexpr std::size_t dressing_bytes_max = 9;  ///< 就用…好了 around a label
constexpr std::size_t context_bytes_max = 2'000;

std::string string_of(const json::object& in, std::string_view key) {
  const auto* value = in.if_contains(key);
  if (value == nullptr) return {};
  if (const auto* string = value->if_string(); string != nullptr) return std::string(*string);
  return value->is_int64() ? std::to_string(value->get_int64()) : std::string();
}

json::object object_of(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_object()) return {};
  return std::move(value.get_object());
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "30", "30%", "30 分", "5 級": the number alone, else empty.
std::string bare_number(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  if (end == 0) return {};
  auto unit = text.substr(end);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const std::string_view known :
       {"", "%", "分", "級", "個等級", "points", "percent", "levels"}) {
    if (unit == known) return std::string(text.substr(0, end));
  }
  return {};
}

/// `text` with its last number replaced.
std::string with_number(std::string text, const std::string& number) {
  std::size_t end = text.size();
  while (end > 0 && !is_digit(text[end - 1])) --end;
  if (end == 0) return {};
  auto begin = end;
  while (begin > 0 && (is_digit(text[begin - 1]) || text[begin - 1] == '.')) --begin;
  return text.replace(begin, end - begin, number);
}

}  // namespace

LastExchange last_exchange(const std::vector<domain::Message>& history) {
  LastExchange out;
  auto it = std::ranges::find(history.rbegin(), history.rend(), domain::MessageRole::ai,
                              &domain::Message::role);
  if (it == history.rend()) return out;
  out.answer = it->content;
  const auto meta = object_of(it->meta);
  out.outcome = string_of(meta, "outcome");
  if (const auto* choices = meta.if_contains("choices");
      choices != nullptr && choices->is_array()) {
    for (const auto& choice : choices->get_array()) {
      if (!choice.is_object()) continue;
      out.choices.push_back(
          {string_of(choice.get_object(), "label"), string_of(choice.get_object(), "text")});
    }
  }
  it = std::ranges::find(it, history.rend(), domain::MessageRole::user, &domain::Message::role);
  if (it != history.rend()) out.asked = it->content;
  return out;
}

Reply read_reply(const Rules& rules, const LastExchange& last, const std::string& message) {
  if (last.choices.empty() || message.size() > reply_bytes_max) return {};
  const auto folded = rules.fold(message);
  const auto inner = rules.strip(folded);
  const auto text = folded.substr(inner.begin, inner.end - inner.begin);
  if (text.empty()) return {};
  std::vector<const ports::AiChoice*> alike;
  for (const auto& choice : last.choices) {
    const auto label = rules.fold(choice.label);
    if (label == text || rules.fold(choice.text) == text) return {ReplyKind::chosen, choice.text};
    const bool part = width(text) >= part_width_min && label.find(text) != label.npos;
    const bool dressed =
        text.size() <= label.size() + dressing_bytes_max && text.find(label) != text.npos;
    if (part || dressed) alike.push_back(&choice);
  }
  if (last.outcome != "asked" && last.outcome != "edited") return {};
  const auto position = rules.ordinal(trim_name(text));
  const auto count = static_cast<int>(last.choices.size());
  if (position && (*position == -1 || (*position >= 1 && *position <= count))) {
    const auto index = *position == -1 ? count - 1 : *position - 1;
    return {ReplyKind::chosen, last.choices[static_cast<std::size_t>(index)].text};
  }
  if (last.outcome != "asked") return {};
  if (alike.size() == 1) return {ReplyKind::chosen, alike[0]->text};
  if (const auto number = bare_number(text); !number.empty()) {
    const bool is_position =
        number.size() == 1 && text.size() == 1 && number[0] - '0' <= count && number[0] != '0';
    auto chosen = is_position ? last.choices[static_cast<std::size_t>(number[0] - '1')].text
                              : with_number(last.choices[0].text, number);
    if (!chosen.empty()) return {ReplyKind::chosen, std::move(chosen)};
  }
  switch (rules.courtesy(text)) {
    case Courtesy::yes:
      if (last.choices.size() == 1) return {ReplyKind::chosen, last.choices[0].text};
      return {ReplyKind::unclear, {}};
    case Courtesy::no: return {ReplyKind::refused, {}};
    default: return {};
  }
}

ChatContext read_context(const domain::ContextJson& context) {
  const auto in = object_of(context);
  ChatContext out;
  out.assignment = string_of(in, "assignment") + " " + string_of(in, "subject");
  if (out.assignment.size() > context_bytes_max) {
    auto end = context_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(out.assignment[end]) & 0xc0) == 0x80) --end;
    out.assignment.resize(end);
  }
  out.grade = string_of(in, "grade").substr(0, 100);
  return out;
}

}  // namespace rubricon::ai_rules
