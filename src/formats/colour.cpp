#include <rubricon/formats/colour.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace rubricon::formats {
namespace {

constexpr int difference_seen = 16;  ///< of one of red, green and blue
constexpr int alpha_seen = 16;

std::optional<std::uint8_t> hexadecimal(std::string_view digits) {
  unsigned value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, value, 16);
  if (rest != end || error != std::errc()) return std::nullopt;
  return static_cast<std::uint8_t>(digits.size() == 1 ? value * 17 : value);
}

/// "fff", "ffff", "ffffff" or "ffffffff".
std::optional<Colour> from_digits(std::string_view digits) {
  if (digits.size() != 3 && digits.size() != 4 && digits.size() != 6 && digits.size() != 8) {
    return std::nullopt;
  }
  const std::size_t each = digits.size() <= 4 ? 1 : 2;
  std::array<std::uint8_t, 4> parts = {0, 0, 0, 255};
  for (std::size_t i = 0; i * each < digits.size(); ++i) {
    const auto part = hexadecimal(digits.substr(i * each, each));
    if (!part) return std::nullopt;
    parts.at(i) = *part;
  }
  return Colour{parts[0], parts[1], parts[2], parts[3]};
}

/// The next number of "255, 0 / 50%", from 0 to `whole`, which is 100 %.
std::optional<std::uint8_t> next_part(std::string_view& list, double whole) {
  list.remove_prefix(std::min(list.find_first_not_of(" ,/"), list.size()));
  double value = 0;
  const auto [rest, error] = std::from_chars(list.data(), list.data() + list.size(), value);
  if (error != std::errc()) return std::nullopt;
  list.remove_prefix(static_cast<std::size_t>(rest - list.data()));
  if (list.starts_with('%')) {
    list.remove_prefix(1);
    value = value / 100 * whole;
  }
  return static_cast<std::uint8_t>(std::lround(std::clamp(value / whole, 0.0, 1.0) * 255));
}

std::optional<Colour> from_function(std::string_view list) {
  Colour out;
  for (auto* part : {&out.red, &out.green, &out.blue}) {
    const auto value = next_part(list, 255);
    if (!value) return std::nullopt;
    *part = *value;
  }
  out.alpha = next_part(list, 1).value_or(255);
  return out;
}

}  // namespace

std::optional<Colour> parse_css_colour(std::string_view text) {
  if (text == "white") return white;
  if (text == "black" || text == "windowtext") return black;
  if (text == "transparent") return Colour{.alpha = 0};
  if (text.starts_with('#')) return from_digits(text.substr(1));
  if (!text.starts_with("rgb")) return std::nullopt;
  const auto open = text.find('(');
  if (open == text.npos || open > 4) return std::nullopt;
  return from_function(text.substr(open + 1));
}

std::optional<Colour> parse_argb(std::string_view text) {
  if (text.size() == 8) text.remove_prefix(2);
  if (text.size() != 6) return std::nullopt;
  return from_digits(text);
}

bool is_lost_on(const Colour& text, const Colour& background) {
  if (text.alpha < alpha_seen) return true;
  const auto near = [](std::uint8_t a, std::uint8_t b) {
    return std::abs(a - b) < difference_seen;
  };
  return near(text.red, background.red) && near(text.green, background.green) &&
         near(text.blue, background.blue);
}

}  // namespace rubricon::formats
