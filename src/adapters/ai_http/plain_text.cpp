#include <rubricon/ai_http/plain_text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace rubricon::ai_http {
namespace {

using Range = std::pair<std::uint32_t, std::uint32_t>;

constexpr std::array<Range, 18> invisible = {{
    {0x80, 0x9F},        // C1 controls
    {0xAD, 0xAD},        // soft hyphen
    {0x34F, 0x34F},      // grapheme joiner
    {0x61C, 0x61C},      // Arabic letter mark
    {0x115F, 0x1160},    // Hangul fillers
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180B, 0x180F},    // Mongolian selectors and separator
    {0x200B, 0x200F},    // zero width, left-to-right and right-to-left marks
    {0x202A, 0x202E},    // embeddings and overrides
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates
    {0x3164, 0x3164},    // Hangul filler
    {0xFE00, 0xFE0D},    // variation selectors, without text and emoji style
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFA0, 0xFFA0},    // halfwidth Hangul filler
    {0xFFF0, 0xFFFB},    // interlinear annotation
    {0x1BCA0, 0x1BCA3},  // shorthand format controls
    {0x1D173, 0x1D17A},  // musical format controls
    {0xE0000, 0xE0FFF},  // tags and supplementary variation selectors
}};

bool is_invisible(std::uint32_t code_point) {
  const auto after = std::ranges::upper_bound(invisible, code_point, {}, &Range::first);
  return after != invisible.begin() && code_point <= std::prev(after)->second;
}

bool is_control(std::uint32_t code_point) {
  return (code_point < 0x20 && code_point != '\n' && code_point != '\t') || code_point == 0x7F;
}

/// The first code point of `text`, which is not empty, and its length. A malformed byte stands for
/// itself.
std::pair<std::uint32_t, std::size_t> first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(0);
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length == 1 || length > text.size()) return {lead < 0x80 ? lead : 0xFFFDu, 1};
  std::uint32_t code_point = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code_point = code_point << 6 | (byte(i) & 0x3Fu);
  return {code_point, length};
}

template <typename Unwanted>
std::string without(std::string_view text, Unwanted unwanted) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto [code_point, length] = first_of(text);
    if (!unwanted(code_point)) out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string without_invisible(std::string_view text) {
  return without(text, [](std::uint32_t c) { return is_control(c) || is_invisible(c); });
}

std::string showable(std::string_view text) {
  constexpr std::uint32_t joiner = 0x200D;
  return without(text,
                 [](std::uint32_t c) { return is_control(c) || (is_invisible(c) && c != joiner); });
}

std::string tidied(std::string_view text, Lines lines) {
  constexpr std::string_view spaces = " \n\t";
  auto out = without_invisible(text);
  if (lines == Lines::one) {
    std::ranges::replace(out, '\n', ' ');
    std::ranges::replace(out, '\t', ' ');
  }
  out.erase(out.find_last_not_of(spaces) + 1);
  out.erase(0, std::min(out.find_first_not_of(spaces), out.size()));
  return out;
}

bool has_han(std::string_view text) {
  while (!text.empty()) {
    const auto [c, length] = first_of(text);
    if ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
        (c >= 0x20000 && c <= 0x3FFFF)) {
      return true;
    }
    text.remove_prefix(length);
  }
  return false;
}

}  // namespace rubricon::ai_http
