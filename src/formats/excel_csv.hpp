/// CSV that Excel opens by a double click: UTF-8 with a byte order mark, and no cell that would be
/// run as a formula. And any CSV or tab-separated table, read back.
#pragma once

#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/language.hpp>
#include <rubricon/formats/preview.hpp>

#include <string>
#include <string_view>

namespace rubricon::formats {

std::string write_excel_csv(const domain::Rubric& rubric, Language language);

/// S25: an apostrophe before a cell that begins with = + - @, a tab or a return, also full-width.
std::string guard_formula(std::string_view cell);
/// The cell before it was guarded.
std::string_view unguarded(std::string_view cell);

Preview read_csv_table(std::string_view utf8, Notes notes);

}  // namespace rubricon::formats
