/// The CSV that Canvas LMS imports and exports as rubrics. A row is a criterion: rubric name,
/// criterion name and description, whether points are ranges, and a triplet of name, description
/// and points for each rating.
#pragma once

#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/language.hpp>
#include <rubricon/formats/preview.hpp>

#include <string>

namespace rubricon::formats {

/// As Canvas wants it: no byte order mark (it would hide the first heading), unused cells bare
/// (an empty text in quotes becomes a blank rating of 0 points), no blank line, no guard against
/// formulas (Canvas would show the apostrophe).
std::string write_canvas_csv(const domain::Rubric& rubric, Language language);

/// Whether the first line has Canvas' headings.
bool is_canvas_csv(std::string_view utf8);

/// Of several rubrics in one file the one at `index` is read; a note names them all.
Preview read_canvas_csv(std::string_view utf8, std::size_t index, Notes notes);

}  // namespace rubricon::formats
