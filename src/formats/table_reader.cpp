#include <rubricon/formats/table_reader.hpp>

#include <rubricon/formats/amounts.hpp>
#include <rubricon/formats/assemble.hpp>
#include <rubricon/formats/plain_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace rubricon::formats {
namespace {

enum class Column { unused, criterion, focus, weight, points, level, other };

constexpr std::array<std::string_view, 9> focus_words = {"focus",
                                                         "description",
                                                         "criterion description",
                                                         "guiding question",
                                                         "說明",
                                                         "重點",
                                                         "項目說明",
                                                         "指標說明",
                                                         "描述"};
constexpr std::array<std::string_view, 9> weight_words = {
    "weight", "weights", "weighting", "weight %", "%", "權重", "比重", "比例", "百分比"};
constexpr std::array<std::string_view, 11> points_words = {
    "points", "point", "pts",  "max points", "maximum points", "possible points", "配分",
    "滿分",   "分數",  "總分", "分值"};
constexpr std::array<std::string_view, 10> other_words = {
    "score", "comment", "comments", "grade", "feedback", "得分", "評語", "回饋", "備註", "成績"};
constexpr std::array<std::string_view, 8> total_words = {"total", "sum",  "total points", "合計",
                                                         "總計",  "總分", "小計",         "總和"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// "權重（%）\nWeight (%)" is 權重: the first line, without what is in brackets.
std::string heading_word(std::string_view text) {
  auto word = folded(trimmed(text));
  word = word.substr(0, word.find('\n'));
  if (const auto slash = word.find(" / "); slash != std::string::npos) word.resize(slash);
  if (const auto open = word.find('('); open != std::string::npos && open > 0) word.resize(open);
  return std::string(trimmed(word));
}

Column kind_of(std::string_view heading) {
  const auto word = heading_word(heading);
  if (is_one_of(word, focus_words)) return Column::focus;
  if (is_one_of(word, weight_words)) return Column::weight;
  if (is_one_of(word, points_words)) return Column::points;
  if (is_one_of(word, other_words)) return Column::other;
  return Column::level;
}

std::size_t filled(const GridRow& row) {
  return static_cast<std::size_t>(std::ranges::count_if(
      row.cells, [](const GridCell& cell) { return !trimmed(cell.text).empty(); }));
}

const std::string& cell_text(const GridRow& row, std::size_t column) {
  static const std::string nothing;
  return column < row.cells.size() ? row.cells[column].text : nothing;
}

class TableReader {
 public:
  TableReader(const Grid& grid, Notes notes) : grid_(grid), notes_(std::move(notes)) {}

  Preview run() &&;

 private:
  bool find_heading();
  void name_columns();
  void name_column(std::size_t column);
  bool is_used(std::size_t column) const;
  bool is_total(const GridRow& row) const;
  void read_total(const GridRow& row);
  void read_row(const GridRow& row);
  void note_range(const Place& where, std::string_view text);
  std::optional<domain::Amount> amount(const GridRow& row, std::size_t column);
  Place place(const GridRow& row, std::size_t column) const {
    return {.row = row.number, .column = column + 1, .path = {}};
  }

  const Grid& grid_;
  Notes notes_;
  ReadTable table_;
  std::size_t heading_ = 0;
  std::vector<Column> columns_;
};

bool TableReader::find_heading() {
  table_.title = grid_.title;
  for (heading_ = 0; heading_ < grid_.rows.size(); ++heading_) {
    const auto& row = grid_.rows[heading_];
    const auto cells = filled(row);
    if (cells >= 2) return true;
    if (cells == 0) continue;
    const auto only = std::ranges::find_if(
        row.cells, [](const GridCell& cell) { return !trimmed(cell.text).empty(); });
    if (table_.title.empty()) {
      table_.title = only->text;
    } else if (one_line(only->text) != one_line(table_.title)) {
      notes_.warn({.row = row.number, .column = 1, .path = {}}, "row_ignored",
                  {.en = fmt::format("Row {} above the table was left out: \"{}\"", row.number,
                                     shortened(one_line(only->text))),
                   .zh_tw = fmt::format("表格上方的第 {} 列未匯入：「{}」", row.number,
                                        shortened(one_line(only->text)))});
    }
  }
  notes_.error(
      {}, "no_table",
      {.en = "No table was found. Its first row names the columns: criterion, then the "
             "levels; each row below is one criterion.",
       .zh_tw = "找不到表格。第一列應是欄名：評分項目與各等級；以下每一列是一個評分項目。"});
  return false;
}

bool TableReader::is_used(std::size_t column) const {
  return std::any_of(
      grid_.rows.begin() + static_cast<std::ptrdiff_t>(heading_), grid_.rows.end(),
      [column](const GridRow& row) { return !trimmed(cell_text(row, column)).empty(); });
}

void TableReader::name_columns() {
  std::size_t width = 0;
  for (std::size_t i = heading_; i < grid_.rows.size(); ++i) {
    width = std::max(width, grid_.rows[i].cells.size());
  }
  bool criterion = false;
  for (std::size_t column = 0; column < width; ++column) {
    if (!is_used(column)) {
      columns_.push_back(Column::unused);
    } else if (!criterion) {
      columns_.push_back(Column::criterion);
      criterion = true;
    } else {
      name_column(column);
    }
  }
}

void TableReader::name_column(std::size_t column) {
  const auto& heading = grid_.rows[heading_];
  const auto& text = cell_text(heading, column);
  auto kind = kind_of(text);
  if (kind != Column::level && kind != Column::other &&
      std::ranges::find(columns_, kind) != columns_.end()) {
    kind = Column::other;
  }
  columns_.push_back(kind);
  const auto where = place(heading, column);
  if (kind == Column::other) {
    notes_.warn(where, "column_ignored",
                {.en = fmt::format("Column {} (\"{}\") was left out.", column_letters(column + 1),
                                   shortened(one_line(text))),
                 .zh_tw = fmt::format("{} 欄（「{}」）未匯入。", column_letters(column + 1),
                                      shortened(one_line(text)))});
  }
  if (kind != Column::level) return;
  auto [points, name, range] = split_level(text);
  if (range) note_range(where, text);
  if (trimmed(name).empty()) {
    const auto number = table_.levels.size() + 1;
    name = fmt::format("等級 {} / Level {}", number, number);
    notes_.warn(where, "level_unnamed",
                {.en = fmt::format("Column {} has no heading; its level is called \"Level {}\".",
                                   column_letters(column + 1), number),
                 .zh_tw = fmt::format("{} 欄沒有欄名，等級暫名「等級 {}」。",
                                      column_letters(column + 1), number)});
  }
  table_.levels.push_back({std::move(name), points, where});
}

std::optional<domain::Amount> TableReader::amount(const GridRow& row, std::size_t column) {
  const auto text = trimmed(cell_text(row, column));
  if (text.empty()) return std::nullopt;
  const auto value = read_amount(text);
  if (value && is_range(text)) note_range(place(row, column), text);
  if (value) return value;
  notes_.error(place(row, column), "not_a_number",
               {.en = fmt::format("Cell {}{} should be a number: \"{}\"",
                                  column_letters(column + 1), row.number, shortened(text)),
                .zh_tw = fmt::format("儲存格 {}{} 應該是數字：「{}」", column_letters(column + 1),
                                     row.number, shortened(text))});
  return std::nullopt;
}

bool TableReader::is_total(const GridRow& row) const {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const bool texts = columns_[column] == Column::criterion;
    if (texts && !is_one_of(heading_word(cell_text(row, column)), total_words)) return false;
    const bool described = columns_[column] == Column::level || columns_[column] == Column::focus;
    if (described && !trimmed(cell_text(row, column)).empty()) return false;
  }
  return true;
}

void TableReader::read_total(const GridRow& row) {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (columns_[column] == Column::points) table_.total = read_amount(cell_text(row, column));
  }
  if (table_.total == domain::Amount()) table_.total.reset();
}

void TableReader::note_range(const Place& where, std::string_view text) {
  const auto cell = fmt::format("{}{}", column_letters(where.column), where.row);
  const auto quoted = shortened(one_line(text));
  notes_.warn(where, "range_ignored",
              {.en = fmt::format("Cell {} has a range of points, \"{}\"; its higher end counts.",
                                 cell, quoted),
               .zh_tw = fmt::format("儲存格 {} 的分數是一段範圍（「{}」），只採用較高的一端。",
                                    cell, quoted)});
}

void TableReader::read_row(const GridRow& row) {
  ReadCriterion out;
  out.place = {.row = row.number, .column = 0, .path = {}};
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const auto& text = cell_text(row, column);
    switch (columns_[column]) {
      case Column::criterion: out.name = text; break;
      case Column::focus: out.focus = text; break;
      case Column::weight: out.weight = amount(row, column); break;
      case Column::points: out.points = amount(row, column); break;
      case Column::level: {
        auto [points, rest, range] = split_cell(text);
        if (range) note_range(place(row, column), text);
        out.cells.push_back({std::move(rest), points, place(row, column)});
        break;
      }
      case Column::unused:
      case Column::other: break;
    }
  }
  if (trimmed(out.name).empty()) {
    notes_.error(out.place, "name_missing",
                 {.en = fmt::format("Row {} has texts but names no criterion.", row.number),
                  .zh_tw = fmt::format("第 {} 列有文字，卻沒有評分項目名稱。", row.number)});
  }
  table_.criteria.push_back(std::move(out));
}

Preview TableReader::run() && {
  if (!find_heading()) return {std::nullopt, notes_.list()};
  name_columns();
  for (std::size_t i = heading_ + 1; i < grid_.rows.size(); ++i) {
    const auto& row = grid_.rows[i];
    if (filled(row) == 0) continue;
    if (is_total(row)) {
      read_total(row);
    } else {
      read_row(row);
    }
  }
  return assemble(std::move(table_), std::move(notes_));
}

}  // namespace

Preview read_table(const Grid& grid, Notes notes) {
  return TableReader(grid, std::move(notes)).run();
}

void note_several_tables(Notes& notes) {
  notes.warn({}, "several_tables",
             {.en = "There is more than one table; only the first was read. Copy another one by "
                    "itself to import it.",
              .zh_tw = "內容有不只一個表格，只讀取了第一個。要匯入其他表格，請單獨複製該表格。"});
}

}  // namespace rubricon::formats
