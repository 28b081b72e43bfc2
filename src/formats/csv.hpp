/// Comma-separated text, RFC 4180: cells between delimiters, quotes doubled inside quotes.
#pragma once

#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/note.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::formats {

/// ',', ';' or tab, whichever the first lines have most of outside quotes; ',' where none.
char detect_delimiter(std::string_view text);

/// Rows are numbered as a spreadsheet shows them: a line break in quotes begins no row, an empty
/// line is a row without cells. A quote that is never closed is an error at its row, as are more
/// rows or columns than a grid may have. Quotes inside a bare cell are kept as they are.
std::optional<Grid> read_csv(std::string_view utf8, char delimiter, Notes& notes);

/// The cell as it stands in a file with commas: in quotes only where it must, and never where it
/// is empty.
std::string csv_cell(std::string_view text);

/// Cells with commas between, and CRLF.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace rubricon::formats
