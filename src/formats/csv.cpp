#include <rubricon/formats/csv.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rubricon::formats {
namespace {

constexpr std::size_t detected_lines = 10;

class CsvReader {
 public:
  CsvReader(char delimiter, Notes& notes) : delimiter_(delimiter), notes_(notes) {}

  std::optional<Grid> read(std::string_view text);

 private:
  enum class Inside { nothing, bare, quotes, closed };

  void begin_row() { grid_.rows.push_back({grid_.rows.size() + 1, {}}); }
  bool end_cell();
  bool end_row();
  void take(char c);

  char delimiter_;
  Notes& notes_;
  Grid grid_;
  GridCell cell_;
  Inside inside_ = Inside::nothing;
};

bool CsvReader::end_cell() {
  auto& row = grid_.rows.back();
  if (row.cells.size() == grid_columns_max) {
    notes_.error({.row = row.number, .column = grid_columns_max + 1, .path = {}},
                 "too_many_columns",
                 {.en = fmt::format("Row {} has more than {} columns; a rubric needs far fewer.",
                                    row.number, grid_columns_max),
                  .zh_tw = fmt::format("第 {} 列超過 {} 欄，評分表不需要這麼多欄。", row.number,
                                       grid_columns_max)});
    return false;
  }
  row.cells.push_back(std::move(cell_));
  cell_ = {};
  inside_ = Inside::nothing;
  return true;
}

bool CsvReader::end_row() {
  const bool empty_line = grid_.rows.back().cells.empty() && inside_ == Inside::nothing;
  if (!empty_line && !end_cell()) return false;
  if (grid_.rows.size() < grid_rows_max) return true;
  notes_.error({.row = grid_rows_max, .column = 0, .path = {}}, "too_many_rows",
               {.en = fmt::format("The table has more than {} rows.", grid_rows_max),
                .zh_tw = fmt::format("表格超過 {} 列。", grid_rows_max)});
  return false;
}

void CsvReader::take(char c) {
  if (inside_ == Inside::nothing && c == '"') {
    inside_ = Inside::quotes;
    cell_.quoted = true;
    return;
  }
  if (inside_ == Inside::nothing) inside_ = Inside::bare;
  cell_.text += c;
}

std::optional<Grid> CsvReader::read(std::string_view text) {
  begin_row();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside_ == Inside::quotes) {
      if (c != '"') {
        cell_.text += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell_.text += '"';
        ++i;
      } else {
        inside_ = Inside::closed;
      }
    } else if (c == delimiter_) {
      if (!end_cell()) return std::nullopt;
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      if (!end_row()) return std::nullopt;
      begin_row();
    } else {
      take(c);
    }
  }
  if (inside_ == Inside::quotes) {
    const auto row = grid_.rows.back().number;
    notes_.error(
        {.row = row, .column = grid_.rows.back().cells.size() + 1, .path = {}}, "unclosed_quote",
        {.en = fmt::format("A quotation mark that opens a cell in row {} is never closed.", row),
         .zh_tw = fmt::format("第 {} 列有一個儲存格的引號沒有結束。", row)});
    return std::nullopt;
  }
  if (!grid_.rows.back().cells.empty() || inside_ != Inside::nothing) {
    if (!end_row()) return std::nullopt;
  } else {
    grid_.rows.pop_back();
  }
  return std::move(grid_);
}

}  // namespace

char detect_delimiter(std::string_view text) {
  constexpr std::array<char, 3> candidates = {',', ';', '\t'};
  std::array<std::size_t, 3> counts{};
  std::size_t lines = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' && ++lines == detected_lines) break;
    for (std::size_t i = 0; i < candidates.size(); ++i) counts[i] += c == candidates[i] ? 1u : 0u;
  }
  // A tab is in a text by no accident: where there are tabs, they are what divides.
  if (counts[2] >= lines && counts[2] > 0) return '\t';
  return counts[1] > counts[0] ? ';' : ',';
}

std::optional<Grid> read_csv(std::string_view utf8, char delimiter, Notes& notes) {
  return CsvReader(delimiter, notes).read(utf8);
}

std::string csv_cell(std::string_view text) {
  const bool plain = text.find_first_of("\",\r\n\t;") == std::string_view::npos &&
                     !text.starts_with(' ') && !text.ends_with(' ');
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    out += csv_cell(cells[i]);
  }
  return out + "\r\n";
}

}  // namespace rubricon::formats
