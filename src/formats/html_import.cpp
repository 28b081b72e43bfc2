#include <rubricon/domain/text.hpp>
#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/html.hpp>
#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/page_sight.hpp>
#include <rubricon/formats/plain_text.hpp>
#include <rubricon/formats/table_reader.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace rubricon::formats {
namespace {

constexpr std::array<std::string_view, 10> line_elements = {"p",  "div", "li", "h1", "h2",
                                                            "h3", "h4",  "h5", "h6", "ul"};

template <std::size_t count>
bool is_one_of(std::string_view name, const std::array<std::string_view, count>& names) {
  return std::ranges::find(names, name) != names.end();
}

std::size_t span_of(const Attributes& attributes, std::string_view name) {
  std::size_t span = 1;
  const auto text = attribute(attributes, name);
  std::from_chars(text.data(), text.data() + text.size(), span);
  return std::clamp<std::size_t>(span, 1, grid_columns_max);
}

/// Texts of cells with the line breaks that a reader sees, and none of the source's.
class CellText {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        space_ = !text_.empty() && text_.back() != '\n';
        continue;
      }
      if (space_) text_ += ' ';
      space_ = false;
      text_ += c;
    }
  }
  void break_line() {
    space_ = false;
    text_ += '\n';
  }
  /// A block begins or ends: on a line of its own, without an empty one.
  void block() {
    if (!text_.empty() && text_.back() != '\n') break_line();
  }
  std::string take() {
    space_ = false;
    return std::string(trimmed(std::exchange(text_, {})));
  }

 private:
  std::string text_;
  bool space_ = false;
};

class HtmlTables final : public MarkupEvents {
 public:
  HtmlTables(HiddenTexts wanted, Notes& notes) : report_(wanted), notes_(notes) {}

  void start(std::string_view name, const Attributes& attributes) override;
  void text(std::string_view utf8) override;
  void end(std::string_view name) override;
  bool done() const override { return several_ || failed_; }
  /// A table that is open at the end of the text ends with it.
  void finish();

  const Grid& found() const { return found_; }
  bool several() const { return several_; }
  bool failed() const { return failed_; }
  const HiddenReport& report() const { return report_; }

 private:
  bool is_absent() const;
  void open(std::string_view name, const Attributes& attributes);
  Place place_of_hidden() const;
  void begin_cell(const Attributes& attributes);
  void end_cell();
  void end_table();
  enum class TitleOf { heading, paragraph };
  void begin_title(TitleOf kind);
  void end_title();
  void begin_row();
  void refuse(Place place, std::string code, domain::LocalText message);
  std::size_t free_column() const;

  HiddenReport report_;
  Notes& notes_;
  PageSight sight_;
  Grid grid_;   ///< the table that is open
  Grid found_;  ///< the first that is one
  std::string title_;
  std::string paragraph_;  ///< the last before the table
  CellText text_;
  std::size_t tables_ = 0;      ///< open ones: a table in a cell is text of that cell
  std::size_t row_number_ = 0;  ///< of the table, those that are not displayed counted
  std::size_t column_ = 0;
  std::size_t columns_spanned_ = 1;
  std::vector<std::size_t> rows_left_;  ///< of cells from rows above, by column
  std::size_t rows_spanned_ = 1;
  bool in_cell_ = false;
  bool in_title_ = false;
  bool in_paragraph_ = false;
  bool several_ = false;  ///< there is one more
  bool failed_ = false;
};

void HtmlTables::begin_title(TitleOf kind) {
  end_title();
  text_.take();
  in_title_ = true;
  in_paragraph_ = kind == TitleOf::paragraph;
}

void HtmlTables::end_title() {
  if (!in_title_) return;
  in_title_ = false;
  auto title = text_.take();
  if (title.empty()) return;
  if (!in_paragraph_) {
    title_ = std::move(title);
  } else if (domain::utf16_length(title) <= domain::rubric_name_characters_max) {
    paragraph_ = std::move(title);
  }
}

/// The open table, which is too large. One behind that which is read only has to be told.
void HtmlTables::refuse(Place place, std::string code, domain::LocalText message) {
  several_ = !found_.rows.empty();
  failed_ = !several_;
  if (failed_) notes_.error(std::move(place), std::move(code), std::move(message));
}

void HtmlTables::begin_row() {
  end_cell();
  for (auto& left : rows_left_) left -= left > 0 ? 1u : 0u;
  if (grid_.rows.size() == grid_rows_max) {
    return refuse({.row = grid_rows_max, .column = 0, .path = {}}, "too_many_rows",
                  {.en = "The table has more than 1000 rows.", .zh_tw = "表格超過 1000 列。"});
  }
  grid_.rows.push_back({row_number_, {}});
  column_ = 0;
}

std::size_t HtmlTables::free_column() const {
  auto column = column_;
  while (column < rows_left_.size() && rows_left_[column] > 0) ++column;
  return column;
}

void HtmlTables::begin_cell(const Attributes& attributes) {
  end_cell();
  if (grid_.rows.empty()) {
    row_number_ = 1;
    begin_row();
  }
  columns_spanned_ = span_of(attributes, "colspan");
  rows_spanned_ = span_of(attributes, "rowspan");
  text_.take();
  in_cell_ = true;
}

void HtmlTables::end_cell() {
  if (!in_cell_) return;
  in_cell_ = false;
  auto& row = grid_.rows.back();
  column_ = free_column();
  if (column_ + columns_spanned_ > grid_columns_max) {
    return refuse({.row = row.number, .column = grid_columns_max + 1, .path = {}},
                  "too_many_columns",
                  {.en = "The table has more than 100 columns.", .zh_tw = "表格超過 100 欄。"});
  }
  const auto end = column_ + columns_spanned_;
  if (row.cells.size() < end) row.cells.resize(end);
  row.cells[column_].text = text_.take();
  if (rows_left_.size() < end) rows_left_.resize(end);
  for (; column_ < end; ++column_) rows_left_[column_] = rows_spanned_;
}

void HtmlTables::end_table() {
  end_cell();
  if (grid_.rows.size() >= 2 && grid_.rows.front().cells.size() >= 2) {
    several_ = !found_.rows.empty();
    if (several_) return;
    grid_.title = title_.empty() ? paragraph_ : title_;
    found_ = std::exchange(grid_, {});
  }
  // A table of one cell is how some pages draw a frame; its text may be the title.
  if (grid_.rows.size() == 1 && grid_.rows[0].cells.size() == 1 && title_.empty()) {
    title_ = grid_.rows[0].cells[0].text;
  }
  grid_.rows.clear();
  rows_left_.clear();
  row_number_ = 0;
}

bool HtmlTables::is_absent() const {
  return report_.wanted() == HiddenTexts::left_out && sight_.look().absent;
}

Place HtmlTables::place_of_hidden() const {
  if (tables_ == 0) return {};
  const bool of_row = sight_.look().absent && !in_cell_ && row_number_ > 0 &&
                      (grid_.rows.empty() || grid_.rows.back().number != row_number_);
  if (of_row) return {.row = row_number_, .column = 0, .path = {}};
  return {.row = row_number_, .column = row_number_ > 0 ? free_column() + 1 : 0, .path = {}};
}

void HtmlTables::text(std::string_view utf8) {
  const bool wanted = in_cell_ || in_title_;
  if (const auto hiding = hiding_of(sight_.look())) {
    const bool kept = report_.wanted() == HiddenTexts::kept;
    if ((wanted || !kept) && found_.rows.empty()) report_.add(*hiding, place_of_hidden(), utf8);
    if (!kept) return;
  }
  if (wanted) text_.add(utf8);
}

void HtmlTables::start(std::string_view name, const Attributes& attributes) {
  sight_.start(name, attributes);
  if (!is_absent()) return open(name, attributes);
  const bool row = name == "tr";
  if (tables_ != 1 || sight_.around().absent || !(row || name == "td" || name == "th")) return;
  end_cell();
  if (row) ++row_number_;
}

void HtmlTables::open(std::string_view name, const Attributes& attributes) {
  const bool heading = name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
  if (name == "br") {
    text_.break_line();
  } else if (name == "table") {
    end_title();
    ++tables_;
  } else if (tables_ == 0 && heading) {
    begin_title(TitleOf::heading);
  } else if (tables_ == 0 && name == "p") {
    begin_title(TitleOf::paragraph);
  } else if (tables_ == 1 && name == "caption") {
    begin_title(TitleOf::heading);
  } else if (tables_ == 1 && name == "tr") {
    end_title();
    ++row_number_;
    begin_row();
  } else if (tables_ == 1 && (name == "td" || name == "th")) {
    begin_cell(attributes);
  } else if (in_cell_ && is_one_of(name, line_elements)) {
    text_.block();
  }
}

void HtmlTables::end(std::string_view name) {
  const bool there = sight_.end(name);
  if (!there && report_.wanted() == HiddenTexts::left_out) return;
  if (name == "table" && tables_ > 0) {
    if (--tables_ == 0) end_table();
  } else if (in_title_ &&
             (name == "caption" || name == "p" || (name.size() == 2 && name[0] == 'h'))) {
    end_title();
  } else if (tables_ == 1 && (name == "td" || name == "th" || name == "tr")) {
    end_cell();
  } else if (in_cell_ && is_one_of(name, line_elements)) {
    text_.block();
  }
}

void HtmlTables::finish() {
  if (tables_ > 0 && !done()) end_table();
}

}  // namespace

Preview read_html_table(std::string_view utf8, HiddenTexts hidden, Notes notes) {
  HtmlTables tables(hidden, notes);
  read_html(utf8, tables);
  tables.finish();
  tables.report().tell(notes);
  if (notes.failed()) return {std::nullopt, notes.list()};
  if (tables.several()) note_several_tables(notes);
  return read_table(tables.found(), std::move(notes));
}

}  // namespace rubricon::formats
