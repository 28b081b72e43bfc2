/// Colours as pages and workbooks name them, as far as it decides whether a text can be read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rubricon::formats {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  std::uint8_t alpha = 255;

  bool operator==(const Colour&) const = default;
};

inline constexpr Colour black{};
inline constexpr Colour white{.red = 255, .green = 255, .blue = 255};

/// Of CSS, in lower case: "#fff", "#ffffff", with alpha too, "rgb(255, 255, 255)", "rgba(0,0,0,0)",
/// percentages, "white", "black", "transparent". Nothing: another name, or no colour.
std::optional<Colour> parse_css_colour(std::string_view text);

/// Of a workbook: "FFFFFFFF", whose first two digits are to be read over, or "FFFFFF".
std::optional<Colour> parse_argb(std::string_view text);

/// Whether nobody can tell one from the other, or `text` lets all of what is behind it through.
bool is_lost_on(const Colour& text, const Colour& background);

}  // namespace rubricon::formats
