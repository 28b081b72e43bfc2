/// A table of texts, as files have it: what every reader of tables makes, and what every writer of
/// tables is given.
#pragma once

#include <string>
#include <vector>

namespace rubricon::formats {

struct GridCell {
  std::string text;
  bool quoted = false;   ///< of CSV: was in quotes, so that empty means "an empty text"
  bool number = false;   ///< to be written as a number where the format has them
  bool heading = false;  ///< to be shown as the head of its column
};

struct GridRow {
  std::size_t number = 0;  ///< in the file, from 1
  std::vector<GridCell> cells;
};

struct Grid {
  std::string title;  ///< from outside the table, where the format has such a place
  std::vector<GridRow> rows;
};

inline constexpr std::size_t grid_rows_max = 1'000;
inline constexpr std::size_t grid_columns_max = 100;

}  // namespace rubricon::formats
