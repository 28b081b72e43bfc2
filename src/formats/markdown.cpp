#include <rubricon/formats/markdown.hpp>

#include <rubricon/formats/plain_text.hpp>
#include <rubricon/formats/rubric_grid.hpp>
#include <rubricon/formats/table_reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rubricon::formats {
namespace {

constexpr std::string_view escaped_signs = "\\`*_[]<>&|#~!$";
constexpr std::string_view ascii_punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "<br>";
    } else {
      if (escaped_signs.find(c) != escaped_signs.npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string line(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const auto& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

/// Takes a sign of HTML that begins at `text`; empty where none does.
std::string_view take_html(std::string_view& text) {
  struct Sign {
    std::string_view from;
    std::string_view to;
  };
  constexpr std::array<Sign, 10> signs = {{{"<br>", "\n"},
                                           {"<br/>", "\n"},
                                           {"<br />", "\n"},
                                           {"<BR>", "\n"},
                                           {"&lt;", "<"},
                                           {"&gt;", ">"},
                                           {"&amp;", "&"},
                                           {"&quot;", "\""},
                                           {"&#124;", "|"},
                                           {"&nbsp;", " "}}};
  for (const auto& sign : signs) {
    if (!text.starts_with(sign.from)) continue;
    text.remove_prefix(sign.from.size());
    return sign.to;
  }
  return {};
}

/// The text of a cell or heading without its marks.
std::string plain(std::string_view cell) {
  cell = trimmed(cell);
  for (const std::string_view mark : {"**", "__", "*", "`"}) {
    const bool around = cell.size() > 2 * mark.size() && cell.starts_with(mark) &&
                        cell.ends_with(mark) &&
                        cell.find(mark, mark.size()) == cell.size() - mark.size() &&
                        cell[cell.size() - mark.size() - 1] != '\\';
    if (!around) continue;
    cell = cell.substr(mark.size(), cell.size() - 2 * mark.size());
    break;
  }
  std::string out;
  while (!cell.empty()) {
    if (cell.size() > 1 && cell[0] == '\\' && ascii_punctuation.find(cell[1]) != cell.npos) {
      out += cell[1];
      cell.remove_prefix(2);
    } else if (const auto sign = take_html(cell); !sign.empty()) {
      out += sign;
    } else {
      out += cell.front();
      cell.remove_prefix(1);
    }
  }
  return out;
}

std::vector<std::string_view> split_pipes(std::string_view row) {
  row = trimmed(row);
  if (row.starts_with('|')) row.remove_prefix(1);
  std::vector<std::string_view> cells;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\') {
      ++i;
    } else if (row[i] == '|') {
      cells.push_back(row.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  if (!trimmed(row.substr(begin)).empty()) cells.push_back(row.substr(begin));
  return cells;
}

bool is_divider(std::string_view row) {
  const auto cells = split_pipes(row);
  return !cells.empty() && row.find('|') != row.npos &&
         std::ranges::all_of(cells, [](std::string_view cell) {
           cell = trimmed(cell);
           return cell.find('-') != cell.npos && cell.find_first_not_of("-:") == cell.npos;
         });
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The line with the headings of the first table at `from` or below.
std::optional<std::size_t> table_line(const std::vector<std::string_view>& lines,
                                      std::size_t from = 0) {
  for (std::size_t i = from + 1; i < lines.size(); ++i) {
    if (is_divider(lines[i]) && lines[i - 1].find('|') != std::string_view::npos) return i - 1;
  }
  return std::nullopt;
}

/// The last heading above the table; without one the last line that has something on it.
std::string title_above(const std::vector<std::string_view>& lines, std::size_t table) {
  for (std::size_t i = table; i-- > 0;) {
    auto text = trimmed(lines[i]);
    if (!text.starts_with('#')) continue;
    while (text.starts_with('#')) text.remove_prefix(1);
    return plain(text);
  }
  for (std::size_t i = table; i-- > 0;) {
    if (!trimmed(lines[i]).empty()) return plain(lines[i]);
  }
  return {};
}

}  // namespace

std::string write_markdown(const domain::Rubric& rubric, Language language) {
  const auto grid = rubric_grid(rubric, language);
  std::string out = "# " + escape(grid.title) + "\n\n";
  for (const auto& row : grid.rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row.cells) cells.push_back(escape(cell.text));
    out += line(cells);
    if (row.number != 1) continue;
    std::vector<std::string> divider;
    for (const auto& cell : grid.rows[1].cells) divider.emplace_back(cell.number ? "---:" : "---");
    out += line(divider);
  }
  return out;
}

bool is_markdown_table(std::string_view utf8) {
  return table_line(lines_of(utf8)).has_value();
}

Preview read_markdown(std::string_view utf8, Notes notes) {
  const auto lines = lines_of(utf8);
  const auto table = table_line(lines);
  Grid grid;
  if (table) {
    grid.title = title_above(lines, *table);
    std::size_t i = *table;
    for (; i < lines.size(); ++i) {
      if (i == *table + 1) continue;
      if (lines[i].find('|') == std::string_view::npos) break;
      const auto cells = split_pipes(lines[i]);
      const bool wide = cells.size() > grid_columns_max;
      if (wide || grid.rows.size() == grid_rows_max) {
        notes.error({.row = i + 1, .column = 0, .path = {}},
                    wide ? "too_many_columns" : "too_many_rows",
                    {.en = fmt::format("The table is too large at line {}.", i + 1),
                     .zh_tw = fmt::format("表格在第 {} 行超過大小限制。", i + 1)});
        return {std::nullopt, notes.list()};
      }
      grid.rows.push_back({i + 1, {}});
      for (const auto cell : cells) grid.rows.back().cells.push_back({.text = plain(cell)});
    }
    if (table_line(lines, i)) note_several_tables(notes);
  }
  return read_table(grid, std::move(notes));
}

}  // namespace rubricon::formats
