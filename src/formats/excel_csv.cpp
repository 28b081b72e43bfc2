#include <rubricon/formats/excel_csv.hpp>

#include <rubricon/formats/csv.hpp>
#include <rubricon/formats/rubric_grid.hpp>
#include <rubricon/formats/table_reader.hpp>

#include <algorithm>
#include <array>

namespace rubricon::formats {
namespace {

constexpr std::array<std::string_view, 10> formula_starts = {"=",  "+",  "-",  "@",  "\t",
                                                             "\r", "＝", "＋", "－", "＠"};

bool begins_formula(std::string_view cell) {
  return std::ranges::any_of(formula_starts,
                             [cell](std::string_view start) { return cell.starts_with(start); });
}

std::string_view behind_apostrophes(std::string_view cell) {
  while (cell.starts_with('\'')) cell.remove_prefix(1);
  return cell;
}

}  // namespace

std::string guard_formula(std::string_view cell) {
  // Apostrophes of the teacher's own get one more, so that taking one away gives them back.
  const bool formula = begins_formula(behind_apostrophes(cell));
  return (formula ? "'" : "") + std::string(cell);
}

std::string_view unguarded(std::string_view cell) {
  const bool guarded = cell.starts_with('\'') && begins_formula(behind_apostrophes(cell));
  return cell.substr(guarded ? 1 : 0);
}

std::string write_excel_csv(const domain::Rubric& rubric, Language language) {
  const auto grid = rubric_grid(rubric, language);
  std::string out = "\xef\xbb\xbf" + csv_line({guard_formula(grid.title)});
  for (const auto& row : grid.rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row.cells) cells.push_back(guard_formula(cell.text));
    out += csv_line(cells);
  }
  return out;
}

Preview read_csv_table(std::string_view utf8, Notes notes) {
  auto grid = read_csv(utf8, detect_delimiter(utf8), notes);
  if (!grid) return {std::nullopt, notes.list()};
  for (auto& row : grid->rows) {
    for (auto& cell : row.cells) cell.text = std::string(unguarded(cell.text));
  }
  return read_table(*grid, std::move(notes));
}

}  // namespace rubricon::formats
