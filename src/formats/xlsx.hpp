/// Excel workbooks (Office Open XML, written by hand: a dozen kinds of elements are all it takes).
#pragma once

#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/hidden_text.hpp>
#include <rubricon/formats/language.hpp>
#include <rubricon/formats/preview.hpp>

#include <string>
#include <string_view>

namespace rubricon::formats {

/// One sheet: the title, then the table; texts are texts even where they look like formulas. Prints
/// on A4 across, the heading row repeated.
std::string write_xlsx(const domain::Rubric& rubric, Language language);

/// One sheet with these cells and nothing more.
std::string write_plain_xlsx(const Grid& grid);

/// Of each part that is read: many times what any rubric needs, and still read in a blink.
inline constexpr std::size_t xlsx_part_bytes_max = 2 * 1024 * 1024;

/// The first sheet that is shown. Of a formula its last result counts, with a note. What is hidden
/// is told (of sheets beside the one that is read: of the first ten), and left out where nobody
/// wants it; who does gets the first sheet, shown or not.
Preview read_xlsx(std::string_view bytes, HiddenTexts hidden, Notes notes);

}  // namespace rubricon::formats
