#include <rubricon/formats/xlsx_text.hpp>

#include <charconv>
#include <utility>

namespace rubricon::formats {

std::optional<Colour> xlsx_colour(const Attributes& attributes) {
  if (const auto rgb = attribute(attributes, "rgb"); !rgb.empty()) return parse_argb(rgb);
  const auto theme = attribute(attributes, "theme");
  const auto tint = attribute(attributes, "tint");
  if (tint.empty() || tint == "0") {
    if (theme == "0") return white;
    if (theme == "1") return black;
  }
  const auto indexed = attribute(attributes, "indexed");
  if (indexed == "1" || indexed == "9" || indexed == "65") return white;
  if (indexed == "0" || indexed == "8" || indexed == "64") return black;
  if (attribute(attributes, "auto") == "1") return black;
  return std::nullopt;
}

void apply_font_element(XlsxFont& font, std::string_view name, const Attributes& attributes) {
  if (name == "color") font.colour = xlsx_colour(attributes);
  if (name != "sz") return;
  const auto size = attribute(attributes, "val");
  std::from_chars(size.data(), size.data() + size.size(), font.size_pt);
}

void XlsxTextReader::start(std::string_view name, const Attributes& attributes) {
  if (name == "rPh") ++phonetic_;
  if (name == "r") font_.reset();
  if (name == "rPr") {
    in_properties_ = true;
    font_.emplace();
  }
  if (in_properties_ && font_) apply_font_element(*font_, name, attributes);
  text_ = name == "t" && phonetic_ == 0;
}

void XlsxTextReader::text(std::string_view utf8) {
  if (!text_) return;
  if (runs_.empty() || runs_.back().font != font_) runs_.push_back({{}, font_});
  runs_.back().text += utf8;
}

void XlsxTextReader::end(std::string_view name) {
  if (name == "rPh" && phonetic_ > 0) --phonetic_;
  if (name == "rPr") in_properties_ = false;
  if (name == "r") font_.reset();
  text_ = false;
}

XlsxText XlsxTextReader::take() {
  font_.reset();
  phonetic_ = 0;
  text_ = false;
  in_properties_ = false;
  return std::exchange(runs_, {});
}

}  // namespace rubricon::formats
