#include <rubricon/formats/xlsx_styles.hpp>

#include <algorithm>
#include <charconv>

namespace rubricon::formats {
namespace {

constexpr double pt_readable = 2;

std::size_t number_of(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// ";;;": positive, negative, zero and text, each with nothing.
bool shows_nothing(std::string_view format) {
  return std::ranges::count(format, ';') == 3 && format.ends_with(';');
}

}  // namespace

std::optional<Hiding> hiding_of(const XlsxLook& look, const XlsxFont& font) {
  if (look.shows_nothing) return Hiding::number_format;
  if (font.size_pt < pt_readable) return Hiding::tiny;
  const bool lost = font.colour && look.background && is_lost_on(*font.colour, *look.background);
  return lost ? std::optional(Hiding::same_colour) : std::nullopt;
}

void XlsxStyles::start(std::string_view name, const Attributes& attributes) {
  if (name == "fonts" || name == "fills" || name == "cellXfs" || name == "numFmts") section_ = name;
  if (section_ == "fonts") {
    if (name == "font") fonts_.emplace_back();
    if (!fonts_.empty()) apply_font_element(fonts_.back(), name, attributes);
  } else if (section_ == "fills") {
    if (name == "fill") fills_.emplace_back(white);
    const auto type = attribute(attributes, "patternType");
    const bool pattern = name == "patternFill" && !type.empty() && type != "none";
    if (fills_.empty()) return;
    if (pattern || name == "gradientFill") fills_.back().reset();
    if (name == "fgColor" && !fills_.back()) fills_.back() = xlsx_colour(attributes);
  } else if (section_ == "cellXfs" && name == "xf") {
    cells_.push_back({number_of(attribute(attributes, "fontId")),
                      number_of(attribute(attributes, "fillId")),
                      std::string(attribute(attributes, "numFmtId"))});
  } else if (section_ == "numFmts" && name == "numFmt") {
    formats_[std::string(attribute(attributes, "numFmtId"))] = attribute(attributes, "formatCode");
  }
}

void XlsxStyles::end(std::string_view name) {
  if (name == section_) section_.clear();
}

XlsxLook XlsxStyles::look(std::string_view style) const {
  XlsxLook out;
  const auto index = number_of(style);
  if (index >= cells_.size()) return out;
  const auto& cell = cells_[index];
  if (cell.font < fonts_.size()) out.font = fonts_[cell.font];
  if (cell.fill < fills_.size()) out.background = fills_[cell.fill];
  const auto format = formats_.find(cell.format);
  out.shows_nothing = format != formats_.end() && shows_nothing(format->second);
  return out;
}

}  // namespace rubricon::formats
