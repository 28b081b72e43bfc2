/// A rubric as the table that a teacher knows: what CSV, XLSX, Markdown, HTML and DOCX show, and
/// what `read_table` reads back to an equal one.
#pragma once

#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/language.hpp>

namespace rubricon::formats {

/// Heading row, a row for each criterion, and the totals. Columns: criterion, focus (where any row
/// has one), weight, points, the levels. A level's cell is "10 分：…" or "10 pts: …". The title is
/// beside the table.
Grid rubric_grid(const domain::Rubric& rubric, Language language);

}  // namespace rubricon::formats
