/// Text that nobody sees who looks at a document, and that a program reads all the same: where
/// instructions to an AI are put. What was found is said, so that a teacher can look at it.
#pragma once

#include <rubricon/formats/note.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rubricon::formats {

enum class Hiding {
  not_displayed,         ///< by display, visibility, opacity, or Word's "hidden"
  same_colour,           ///< as what is behind it, or no colour at all
  tiny,                  ///< too small to be read
  out_of_sight,          ///< beside the page, or cut off
  sheet,                 ///< a sheet of a workbook that is not shown
  row,                   ///< a row that is not shown
  column,                ///< a column that is not shown
  number_format,         ///< a format that shows nothing
  invisible_characters,  ///< zero-width, bidirectional, tag and other signs without a shape
};

/// "not_displayed", …
const char* to_string(Hiding hiding) noexcept;

/// What becomes of it. Signs without a shape are left out always: nobody could see that they are
/// there.
enum class HiddenTexts { left_out, kept };

/// `text` with what has no shape as "\u{200B}", tag characters as the letters that they spell, and
/// line ends as "\n"; at most 200 characters of it.
std::string escaped(std::string_view text);

/// Collects what one import finds. What stands at one place in one way is one finding.
class HiddenReport {
 public:
  explicit HiddenReport(HiddenTexts wanted = HiddenTexts::left_out) : wanted_(wanted) {}

  HiddenTexts wanted() const { return wanted_; }
  /// `sheet`: the name of a sheet that is not shown. White space alone hides nothing.
  void add(Hiding how, const Place& place, std::string_view text, std::string_view sheet = {});
  /// A warning for each: "hidden_characters" for those without a shape, else "hidden_text".
  void tell(Notes& notes) const;

 private:
  struct Finding {
    Hiding how;
    Place place;
    std::string sheet;
    std::string text;
  };

  HiddenTexts wanted_;
  std::vector<Finding> findings_;
};

}  // namespace rubricon::formats
