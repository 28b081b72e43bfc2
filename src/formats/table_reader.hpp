/// Any table that a person would read as a rubric: criteria down, levels across.
#pragma once

#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/preview.hpp>

namespace rubricon::formats {

/// The first row with two cells or more names the columns; a row with one cell above it is the
/// title. The first column names the criteria. Columns called focus, weight or points (說明, 權重,
/// 配分, …) are what they say, those for marks and comments are left out with a note, every other
/// one is a level. A last row called total (合計, …) gives the total. Of a range of points the
/// higher end counts, with a note.
Preview read_table(const Grid& grid, Notes notes);

/// Of a file with more tables than the one that is read.
void note_several_tables(Notes& notes);

}  // namespace rubricon::formats
