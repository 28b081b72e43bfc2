#include <rubricon/ai_http/without_key.hpp>

#include <charconv>
#include <cstdint>

namespace rubricon::ai_http {
namespace {

/// Of JSON in JSON in JSON.
constexpr std::size_t backslashes_max = 7;

/// Takes `wanted` off `text` where it stands there behind backslashes, itself or as four
/// hexadecimal digits.
bool take_escaped(std::string_view& text, char wanted) {
  auto rest = text;
  const auto run = text.substr(0, backslashes_max + 1).find_first_not_of('\\');
  if (run == 0 || run == text.npos) return false;
  rest.remove_prefix(run);
  if (rest.starts_with(wanted)) {
    text = rest.substr(1);
    return true;
  }
  constexpr std::size_t digits = 4;
  if (!rest.starts_with('u') || rest.size() <= digits) return false;
  std::uint32_t code = 0;
  const auto* const end = rest.data() + 1 + digits;
  const auto [stop, error] = std::from_chars(rest.data() + 1, end, code, 16);
  if (error != std::errc() || stop != end || code != static_cast<unsigned char>(wanted)) {
    return false;
  }
  text = rest.substr(1 + digits);
  return true;
}

bool take_key(std::string_view& text, std::string_view key) {
  auto rest = text;
  for (const char wanted : key) {
    if (rest.starts_with(wanted)) {
      rest.remove_prefix(1);
    } else if (!take_escaped(rest, wanted)) {
      return false;
    }
  }
  text = rest;
  return true;
}

}  // namespace

std::string without_key(std::string_view text, std::string_view key) {
  if (key.empty()) return std::string(text);
  std::string out;
  while (!text.empty()) {
    if (take_key(text, key)) {
      out += "…";
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace rubricon::ai_http
