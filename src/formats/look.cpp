#include <rubricon/formats/look.hpp>

#include <rubricon/formats/plain_text.hpp>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace rubricon::formats {
namespace {

constexpr double px_readable = 2;
constexpr double px_away = -500;  ///< the hanging lines of Word are some dozens

struct Declaration {
  std::string_view property;
  std::string_view value;
};

/// Lower case, without comments.
std::string plain_style(std::string_view style) {
  auto text = folded(style);
  for (std::size_t begin = 0; (begin = text.find("/*", begin)) != text.npos;) {
    const auto end = text.find("*/", begin + 2);
    text.erase(begin, end == text.npos ? text.npos : end + 2 - begin);
  }
  return text;
}

/// Up to the next `end` that stands in neither quotes nor brackets; takes it off `text`.
std::string_view take_until(std::string_view& text, char end) {
  char quote = 0;
  int brackets = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(') {
      ++brackets;
    } else if (c == ')') {
      --brackets;
    } else if (c == end && brackets <= 0) {
      break;
    }
  }
  const auto taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return trimmed(taken);
}

std::vector<Declaration> declarations(std::string_view style) {
  std::vector<Declaration> out;
  while (!style.empty()) {
    auto rest = take_until(style, ';');
    const auto property = take_until(rest, ':');
    auto value = trimmed(rest);
    if (const auto important = value.find("!important"); important != value.npos) {
      value = trimmed(value.substr(0, important));
    }
    out.push_back({property, value});
  }
  return out;
}

/// In pixels; `whole` is what 1em and 100 % are. Nothing: a word, or a number without a unit.
std::optional<double> length_px(std::string_view text, double whole) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  auto unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  unit = unit.substr(0, unit.find_first_of(" /"));
  if (value == 0 || unit == "px") return value;
  if (unit == "pt") return value * 4 / 3;
  if (unit == "em") return value * whole;
  if (unit == "%") return value / 100 * whole;
  if (unit == "rem") return value * 16;
  if (unit == "cm") return value * 96 / 2.54;
  if (unit == "in") return value * 96;
  return std::nullopt;
}

/// Of "bold 12px/1.5 serif".
std::optional<double> font_px(std::string_view font, double whole) {
  while (!font.empty()) {
    if (const auto size = length_px(take_until(font, ' '), whole)) return size;
  }
  return std::nullopt;
}

void set_background(Look& look, std::string_view value) {
  auto rest = value;
  while (!rest.empty()) {
    const auto word = take_until(rest, ' ');
    if (word == "none" || word == "transparent" || word == "inherit") continue;
    look.background = parse_css_colour(word);
    if (look.background && look.background->alpha == 255) return;
    look.background.reset();
  }
}

bool is_clipped(std::string_view property, std::string_view value) {
  if (property == "clip") return value.starts_with("rect(0") || value.starts_with("rect(1px");
  if (property == "clip-path")
    return value.starts_with("inset(100%") || value.starts_with("inset(50%");
  return property == "transform" && value.starts_with("scale(0)");
}

/// What only several properties together say.
struct Box {
  bool placed = false;
  bool outside = false;
  bool flat = false;
  bool cut = false;
};

void apply_to_box(Box& box, const Declaration& each) {
  const auto& [property, value] = each;
  const auto length = length_px(value, 16);
  if (property == "position") box.placed = value == "absolute" || value == "fixed";
  if (property == "left" || property == "top" || property == "right" || property == "bottom") {
    box.outside = box.outside || length.value_or(0) <= px_away;
  }
  const bool extent = property == "height" || property == "width" || property == "max-height" ||
                      property == "max-width";
  if (extent) box.flat = box.flat || length.value_or(px_readable) < px_readable;
  if (property == "overflow") box.cut = value == "hidden" || value == "clip";
}

void apply(Look& look, const Declaration& each, double parent_px) {
  const auto& [property, value] = each;
  if (property == "display") look.absent = look.absent || value == "none";
  if (property == "mso-hide") look.absent = look.absent || value == "all";
  if (property == "visibility") look.invisible = value == "hidden" || value == "collapse";
  if (property == "opacity") {
    look.transparent = look.transparent || length_px(value, 0) == 0 || value.starts_with("0.0");
  }
  if (property == "text-indent")
    look.away = look.away || length_px(value, 16).value_or(0) <= px_away;
  look.away = look.away || is_clipped(property, value);
  if (property == "font-size") look.size_px = length_px(value, parent_px).value_or(look.size_px);
  if (property == "font") look.size_px = font_px(value, parent_px).value_or(look.size_px);
  if (property == "color" && value != "inherit") look.colour = parse_css_colour(value);
  if (property == "background" || property == "background-color") set_background(look, value);
}

}  // namespace

Look look_of(std::string_view name, const Attributes& attributes, const Look& parent) {
  Look look = parent;
  Box box;
  look.absent = look.absent || name == "template";
  for (const auto& [key, value] : attributes) {
    if (key == "hidden") look.absent = true;
    if (key == "bgcolor") look.background = parse_css_colour(folded(value));
    if (key == "color" && name == "font") look.colour = parse_css_colour(folded(value));
    if (key != "style") continue;
    const auto style = plain_style(value);
    for (const auto& each : declarations(style)) {
      apply(look, each, parent.size_px);
      apply_to_box(box, each);
    }
  }
  look.away = look.away || (box.placed && box.outside) || (box.flat && box.cut);
  return look;
}

std::optional<Hiding> hiding_of(const Look& look) {
  if (look.absent || look.invisible || look.transparent) return Hiding::not_displayed;
  if (look.away) return Hiding::out_of_sight;
  if (look.size_px < px_readable) return Hiding::tiny;
  if (look.colour && look.colour->alpha == 0) return Hiding::same_colour;
  if (look.colour && look.background && is_lost_on(*look.colour, *look.background)) {
    return Hiding::same_colour;
  }
  return std::nullopt;
}

}  // namespace rubricon::formats
