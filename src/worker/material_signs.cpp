#include <rubricon/worker/material_signs.hpp>

#include <rubricon/domain/text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace rubricon::worker {
namespace {

namespace json = boost::json;

constexpr std::size_t quoted_characters_max = 80;
constexpr std::size_t base64_length_min = 24;

/// Parts of sentences that are said to an AI and hardly ever of a pupil's work.
constexpr auto phrases = std::to_array<std::string_view>({"ignore the rubric",
                                                          "ignore all ",
                                                          "ignore previous",
                                                          "previous instructions",
                                                          "note to the ai",
                                                          "to the ai that",
                                                          "<!-- ai",
                                                          "dear assistant",
                                                          "from now on answer every",
                                                          "system prompt",
                                                          "your instructions",
                                                          "your api key",
                                                          "authorization header",
                                                          "everything above, word",
                                                          "you are now an",
                                                          "<|im_start|>",
                                                          "<<sys>>",
                                                          "[inst]",
                                                          "\"role\":\"",
                                                          "the teacher writes:",
                                                          "=hyperlink(",
                                                          "=webservice(",
                                                          "](javascript:",
                                                          "<iframe",
                                                          "unlock all",
                                                          "unlock everything",
                                                          "give full marks",
                                                          "give this essay full marks",
                                                          "you must award the highest",
                                                          "skip all checks",
                                                          "ignorez le bar",
                                                          "忽略評分",
                                                          "忽略先前",
                                                          "忽略以上",
                                                          "先前所有指示",
                                                          "先前的指示",
                                                          "給閱讀本文的 ai",
                                                          "ai：請",
                                                          "親愛的助理",
                                                          "助理，請",
                                                          "助理：請",
                                                          "從現在起，每個問題",
                                                          "系統提示",
                                                          "你的指示",
                                                          "api 金鑰",
                                                          "逐字印出",
                                                          "你現在是沒有",
                                                          "教師的訊息：",
                                                          "全部解鎖",
                                                          "給模型的指令",
                                                          "跳過所有檢查",
                                                          "每一項都給滿分",
                                                          "請給滿分",
                                                          "你必須給最高",
                                                          "評価基準を無視"});

std::uint32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const auto taken = text.substr(0, length);
  text.remove_prefix(taken.size());
  if (length == 1) return lead;
  std::uint32_t code_point = lead & (0xFFu >> (length + 1));
  for (const char c : taken.substr(1)) {
    code_point = code_point << 6 | (static_cast<unsigned char>(c) & 0x3Fu);
  }
  return code_point;
}

bool has_no_shape(std::uint32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
}

/// In lower case, without what has no shape; tag characters as the letters that they spell.
std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto before = text;
    const auto c = take_code_point(text);
    const bool tag = c >= 0xE0020 && c < 0xE007F;
    if (tag || c < 0x80) {
      const auto letter = static_cast<char>(tag ? c - 0xE0000 : c);
      out += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    } else if (!has_no_shape(c)) {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out;
}

std::string beginning(std::string_view text) {
  auto rest = text;
  for (std::size_t i = 0; i < quoted_characters_max && !rest.empty(); ++i) take_code_point(rest);
  return std::string(text.substr(0, text.size() - rest.size()));
}

std::optional<std::string> phrase_in(std::string_view text) {
  const auto words = plain(text);
  for (const auto phrase : phrases) {
    const auto at = words.find(phrase);
    if (at != std::string::npos) return beginning(std::string_view(words).substr(at));
  }
  return std::nullopt;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::string from_base64(std::string_view digits) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : digits) {
    bits = bits << 6 | static_cast<std::uint32_t>(base64_digit(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFFu);
  }
  return out;
}

std::optional<std::string> phrase_in_base64(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::ranges::find_if(text, [](char c) { return base64_digit(c) < 0; });
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (length >= base64_length_min) {
      // What is quoted goes into JSON and into the database: text, or nothing.
      const auto hidden = from_base64(text.substr(0, length));
      auto found = domain::is_utf8(hidden) ? phrase_in(hidden) : std::nullopt;
      if (found) return found;
    }
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return std::nullopt;
}

std::optional<std::string> instruction_in(const json::value& value) {
  if (const auto* text = value.if_string()) {
    auto found = phrase_in(*text);
    return found ? found : phrase_in_base64(*text);
  }
  if (const auto* array = value.if_array()) {
    for (const auto& each : *array) {
      if (auto found = instruction_in(each)) return found;
    }
  }
  if (const auto* object = value.if_object()) {
    for (const auto& each : *object) {
      if (auto found = phrase_in(each.key())) return found;
      if (auto found = instruction_in(each.value())) return found;
    }
  }
  return std::nullopt;
}

std::optional<std::string> instruction_in_json(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse(text, error);
  return error ? std::nullopt : instruction_in(value);
}

}  // namespace

std::optional<std::string> instruction_in(std::string_view context,
                                          const std::optional<std::string>& rubric) {
  auto found = instruction_in_json(context);
  if (!found && rubric) found = instruction_in_json(*rubric);
  return found;
}

}  // namespace rubricon::worker
