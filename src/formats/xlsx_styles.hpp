/// How the cells of a workbook look, as far as it decides whether their texts can be read.
#pragma once

#include <rubricon/formats/hidden_text.hpp>
#include <rubricon/formats/xlsx_text.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace rubricon::formats {

struct XlsxLook {
  XlsxFont font;
  std::optional<Colour> background = white;  ///< nothing: one that is not known
  bool shows_nothing = false;                ///< its number format is empty for texts
};

/// Why nobody can read a text of that font in a cell of that look; nothing: it can be read.
std::optional<Hiding> hiding_of(const XlsxLook& look, const XlsxFont& font);

/// Reads styles.xml. Conditional formats are not looked at.
class XlsxStyles final : public MarkupEvents {
 public:
  void start(std::string_view name, const Attributes& attributes) override;
  void text(std::string_view) override {}
  void end(std::string_view name) override;

  /// Of the style that a cell names, "7"; the ordinary one where there is none of that number.
  XlsxLook look(std::string_view style) const;

 private:
  struct Cell {
    std::size_t font = 0;
    std::size_t fill = 0;
    std::string format;
  };

  std::string section_;  ///< fonts, fills, cellXfs, numFmts: those that are looked at
  std::vector<XlsxFont> fonts_;
  std::vector<std::optional<Colour>> fills_;
  std::vector<Cell> cells_;
  std::map<std::string, std::string, std::less<>> formats_;  ///< codes, by number
};

}  // namespace rubricon::formats
