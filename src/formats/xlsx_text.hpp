/// A text of a workbook, in the runs that it is written in: <si> of the shared strings, <is> of a
/// cell.
#pragma once

#include <rubricon/formats/colour.hpp>
#include <rubricon/formats/markup.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::formats {

/// What a font says that decides whether it can be read.
struct XlsxFont {
  std::optional<Colour> colour = black;  ///< nothing: one that is not known
  double size_pt = 11;

  bool operator==(const XlsxFont&) const = default;
};

/// One element of a font; others change nothing.
void apply_font_element(XlsxFont& font, std::string_view name, const Attributes& attributes);

/// "FFFFFFFF", the window's and the text's colours of themes and palettes; nothing: another one.
std::optional<Colour> xlsx_colour(const Attributes& attributes);

struct XlsxRun {
  std::string text;
  std::optional<XlsxFont> font;  ///< nothing: that of the cell

  bool operator==(const XlsxRun&) const = default;
};

using XlsxText = std::vector<XlsxRun>;

/// Fed with the events inside of one text. The readings above East Asian characters are left out.
class XlsxTextReader {
 public:
  void start(std::string_view name, const Attributes& attributes);
  void text(std::string_view utf8);
  void end(std::string_view name);
  XlsxText take();

 private:
  XlsxText runs_;
  std::optional<XlsxFont> font_;
  std::size_t phonetic_ = 0;
  bool text_ = false;
  bool in_properties_ = false;
};

}  // namespace rubricon::formats
