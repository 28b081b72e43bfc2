#include <rubricon/ai_rules/pieces.hpp>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

constexpr std::size_t characters_min = 10;
constexpr std::size_t characters_max = 30;
constexpr std::string_view pauses[] = {"。", "，", "、", "：", "；", "！", "？",
                                       "」", "）", ". ", ", ", ": ", "\n", " "};

std::size_t character_length(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) {
    ++length;
  }
  return length;
}

}  // namespace

std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    std::size_t end = 0;
    for (std::size_t count = 0; end < text.size() && count < characters_max; ++count) {
      end += character_length(text.substr(end));
      const auto so_far = text.substr(0, end);
      const bool rests = std::ranges::any_of(
          pauses, [&](std::string_view pause) { return so_far.ends_with(pause); });
      if (rests && count + 1 >= characters_min) break;
    }
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

}  // namespace rubricon::ai_rules
