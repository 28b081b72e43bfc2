#include <rubricon/formats/canvas_csv.hpp>

#include <rubricon/formats/amounts.hpp>
#include <rubricon/formats/assemble.hpp>
#include <rubricon/formats/csv.hpp>
#include <rubricon/formats/plain_text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::formats {
namespace {

using domain::Amount;

struct Rating {
  std::size_t name = 0;
  std::size_t description = 0;
  std::size_t points = 0;
};

struct Headings {
  std::size_t rubric = grid_columns_max;
  std::size_t name = grid_columns_max;
  std::size_t description = grid_columns_max;
  std::size_t range = grid_columns_max;
  std::vector<Rating> ratings;
};

/// Canvas looks for the words anywhere in a heading, in either case.
std::optional<Headings> read_headings(const GridRow& row) {
  Headings out;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto word = folded(row.cells[i].text);
    const auto says = [&word](std::string_view part) { return word.find(part) != word.npos; };
    if (says("rubric name")) {
      out.rubric = std::min(out.rubric, i);
    } else if (says("criteria name")) {
      out.name = std::min(out.name, i);
    } else if (says("criteria description")) {
      out.description = std::min(out.description, i);
    } else if (says("enable range")) {
      out.range = std::min(out.range, i);
    } else if (says("rating name")) {
      out.ratings.push_back(
          {.name = i, .description = grid_columns_max, .points = grid_columns_max});
    } else if (says("rating description") && !out.ratings.empty()) {
      out.ratings.back().description = i;
    } else if (says("rating points") && !out.ratings.empty()) {
      out.ratings.back().points = i;
    }
  }
  if (out.rubric == grid_columns_max || out.name == grid_columns_max) return std::nullopt;
  return out;
}

const std::string& text_at(const GridRow& row, std::size_t column) {
  static const std::string nothing;
  return column < row.cells.size() ? row.cells[column].text : nothing;
}

bool is_blank(const GridRow& row) {
  return std::ranges::all_of(row.cells,
                             [](const GridCell& cell) { return trimmed(cell.text).empty(); });
}

struct CanvasRating {
  std::string name;
  ReadCell cell;
};

struct CanvasRow {
  ReadCriterion criterion;
  std::vector<CanvasRating> ratings;
};

class CanvasReader {
 public:
  CanvasReader(const Grid& grid, Notes notes) : grid_(grid), notes_(std::move(notes)) {}

  Preview run(std::size_t index) &&;

 private:
  bool choose(std::size_t index);
  CanvasRow read_row(const GridRow& row);
  std::optional<CanvasRating> read_rating(const GridRow& row, const Rating& where);
  std::optional<Amount> read_points(std::string_view points, const Place& place);
  void note_range(const GridRow& row);
  void set_levels();
  void align(CanvasRow& row);
  std::size_t level_of(const CanvasRating& rating, std::size_t position,
                       const std::vector<bool>& taken) const;

  const Grid& grid_;
  Notes notes_;
  Headings headings_;
  std::string chosen_;
  std::vector<CanvasRow> rows_;
  ReadTable table_;
};

bool CanvasReader::choose(std::size_t index) {
  const auto found =
      grid_.rows.empty() ? std::optional<Headings>() : read_headings(grid_.rows.front());
  if (!found) {
    notes_.error({.row = 1, .column = 0, .path = {}}, "not_canvas",
                 {.en = "The first row lacks Canvas' headings \"Rubric Name\" and \"Criteria "
                        "Name\".",
                  .zh_tw = "第一列沒有 Canvas 的欄名「Rubric Name」與「Criteria Name」。"});
    return false;
  }
  headings_ = *found;
  std::vector<std::string> names;
  for (const auto& row : grid_.rows) {
    if (row.number == 1 || is_blank(row)) continue;
    const auto name = one_line(text_at(row, headings_.rubric));
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  if (index > 0 && index >= names.size()) {
    notes_.error({}, "no_such_rubric",
                 {.en = fmt::format("The file has {} rubrics.", names.size()),
                  .zh_tw = fmt::format("檔案裡有 {} 份評分表。", names.size())});
    return false;
  }
  if (names.empty()) return true;
  chosen_ = names[index];
  if (names.size() == 1) return true;
  std::string listed;
  for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 10); ++i) {
    listed += fmt::format("{}{} {}", i == 0 ? "" : "; ", i + 1, shortened(names[i]));
  }
  notes_.warn({}, "several_rubrics",
              {.en = fmt::format("The file has {} rubrics ({}); number {} was read.", names.size(),
                                 listed, index + 1),
               .zh_tw = fmt::format("檔案裡有 {} 份評分表（{}），已讀取第 {} 份。", names.size(),
                                    listed, index + 1)});
  return true;
}

std::optional<CanvasRating> CanvasReader::read_rating(const GridRow& row, const Rating& where) {
  const auto& name = text_at(row, where.name);
  const auto& description = text_at(row, where.description);
  const auto points = trimmed(text_at(row, where.points));
  if (trimmed(name).empty() && trimmed(description).empty() && points.empty()) return std::nullopt;
  const Place place{.row = row.number, .column = where.points + 1, .path = {}};
  const auto quoted_name = shortened(one_line(name));
  if (points.empty()) {
    notes_.error(
        place, "points_missing",
        {.en = fmt::format("Row {}: the rating \"{}\" has no points; Canvas refuses such a file.",
                           row.number, quoted_name),
         .zh_tw = fmt::format("第 {} 列：等級「{}」沒有分數，Canvas 會拒絕這樣的檔案。", row.number,
                              quoted_name)});
  }
  return CanvasRating{name,
                      {description,
                       read_points(points, place),
                       {.row = row.number, .column = where.description + 1, .path = {}}}};
}

std::optional<Amount> CanvasReader::read_points(std::string_view points, const Place& place) {
  if (points.empty()) return std::nullopt;
  const auto amount = leading_amount(points);
  const auto quoted = shortened(points);
  if (!amount) {
    notes_.warn(place, "points_unreadable",
                {.en = fmt::format("Row {}: \"{}\" is no number; it counts as 0, as in Canvas.",
                                   place.row, quoted),
                 .zh_tw = fmt::format("第 {} 列：「{}」不是數字，和 Canvas 一樣當作 0 分。",
                                      place.row, quoted)});
  } else if (is_range(points)) {
    notes_.warn(place, "range_ignored",
                {.en = fmt::format("Row {}: of \"{}\" only the first number counts, as in Canvas.",
                                   place.row, quoted),
                 .zh_tw = fmt::format("第 {} 列：「{}」和 Canvas 一樣只採用第一個數字。", place.row,
                                      quoted)});
  }
  return amount.value_or(Amount());
}

void CanvasReader::note_range(const GridRow& row) {
  const auto said = folded(trimmed(text_at(row, headings_.range)));
  if (said != "true" && said != "1" && said != "yes") return;
  notes_.warn({.row = row.number, .column = headings_.range + 1, .path = {}}, "range_ignored",
              {.en = fmt::format("Row {} lets each rating stand for a range of points in Canvas "
                                 "(\"Enable Range\"); here a level has its points alone.",
                                 row.number),
               .zh_tw = fmt::format("第 {} 列在 Canvas 啟用了分數範圍（Enable Range）；"
                                    "這裡每個等級只有單一分數。",
                                    row.number)});
}

CanvasRow CanvasReader::read_row(const GridRow& row) {
  CanvasRow out;
  out.criterion.place = {.row = row.number, .column = 0, .path = {}};
  out.criterion.name = text_at(row, headings_.name);
  out.criterion.focus = text_at(row, headings_.description);
  if (trimmed(out.criterion.name).empty()) {
    notes_.error({.row = row.number, .column = headings_.name + 1, .path = {}}, "name_missing",
                 {.en = fmt::format("Row {} names no criterion.", row.number),
                  .zh_tw = fmt::format("第 {} 列沒有評分項目名稱。", row.number)});
  }
  note_range(row);
  for (const auto& where : headings_.ratings) {
    auto rating = read_rating(row, where);
    if (!rating) continue;
    out.criterion.points = std::max(out.criterion.points, rating->cell.points);
    const auto behind =
        std::ranges::upper_bound(out.ratings, rating->cell.points, std::greater<>(),
                                 [](const CanvasRating& each) { return each.cell.points; });
    out.ratings.insert(behind, std::move(*rating));
  }
  return out;
}

/// The criterion with the most ratings names the levels of all.
void CanvasReader::set_levels() {
  const auto longest =
      std::ranges::max_element(rows_, {}, [](const CanvasRow& row) { return row.ratings.size(); });
  for (const auto& rating : longest->ratings) {
    auto name = rating.name;
    if (trimmed(name).empty()) name = to_string(rating.cell.points.value_or(Amount()));
    table_.levels.push_back({name, std::nullopt, rating.cell.place});
  }
}

/// By name, else the next free one from the best down.
std::size_t CanvasReader::level_of(const CanvasRating& rating, std::size_t position,
                                   const std::vector<bool>& taken) const {
  const auto name = folded(one_line(rating.name));
  for (std::size_t k = 0; k < taken.size(); ++k) {
    if (!taken[k] && folded(one_line(table_.levels[k].name)) == name) return k;
  }
  while (position < taken.size() && taken[position]) ++position;
  return position < taken.size()
             ? position
             : static_cast<std::size_t>(std::ranges::find(taken, false) - taken.begin());
}

void CanvasReader::align(CanvasRow& row) {
  std::vector<bool> taken(table_.levels.size());
  row.criterion.cells.resize(table_.levels.size());
  for (auto& cell : row.criterion.cells) cell.place = row.criterion.place;
  for (std::size_t i = 0; i < row.ratings.size(); ++i) {
    auto& rating = row.ratings[i];
    const auto level = level_of(rating, i, taken);
    taken[level] = true;
    const auto& name = table_.levels[level].name;
    if (!trimmed(rating.name).empty() && folded(one_line(rating.name)) != folded(one_line(name))) {
      notes_.warn(rating.cell.place, "level_name_differs",
                  {.en = fmt::format("Row {} calls the level \"{}\" \"{}\"; that name was put into "
                                     "its text.",
                                     row.criterion.place.row, shortened(one_line(name)),
                                     shortened(one_line(rating.name))),
                   .zh_tw = fmt::format("第 {} 列把等級「{}」稱為「{}」，已將該名稱寫入描述。",
                                        row.criterion.place.row, shortened(one_line(name)),
                                        shortened(one_line(rating.name)))});
      const bool chinese = has_chinese(rating.name);
      rating.cell.text = one_line(rating.name) +
                         (rating.cell.text.empty() ? "" : (chinese ? "：" : ": ")) +
                         rating.cell.text;
    }
    row.criterion.cells[level] = std::move(rating.cell);
  }
  if (row.ratings.size() == table_.levels.size()) return;
  notes_.warn(
      row.criterion.place, "ratings_missing",
      {.en = fmt::format("Row {} has {} ratings where others have {}; the cells between are "
                         "empty.",
                         row.criterion.place.row, row.ratings.size(), table_.levels.size()),
       .zh_tw = fmt::format("第 {} 列有 {} 個等級，其他列有 {} 個，缺少的格子留空。",
                            row.criterion.place.row, row.ratings.size(), table_.levels.size())});
}

Preview CanvasReader::run(std::size_t index) && {
  if (!choose(index)) return {std::nullopt, notes_.list()};
  for (const auto& row : grid_.rows) {
    if (row.number == 1 || is_blank(row)) continue;
    if (one_line(text_at(row, headings_.rubric)) == chosen_) rows_.push_back(read_row(row));
  }
  table_.title = chosen_;
  if (!rows_.empty()) set_levels();
  for (auto& row : rows_) {
    align(row);
    table_.criteria.push_back(std::move(row.criterion));
  }
  return assemble(std::move(table_), std::move(notes_));
}

}  // namespace

std::string write_canvas_csv(const domain::Rubric& rubric, Language language) {
  std::vector<std::string> cells = {"Rubric Name", "Criteria Name", "Criteria Description",
                                    "Criteria Enable Range"};
  for (std::size_t i = 0; i < rubric.levels.size(); ++i) {
    cells.insert(cells.end(), {"Rating Name", "Rating Description", "Rating Points"});
  }
  std::string out = csv_line(cells);
  for (const auto& criterion : rubric.criteria) {
    cells = {text_in(rubric.title, language, name_between),
             text_in(criterion.name, language, name_between),
             text_in(criterion.focus, language, "\n"), "false"};
    for (std::size_t k = 0; k < rubric.levels.size(); ++k) {
      cells.push_back(text_in(rubric.levels[k].name, language, name_between));
      cells.push_back(text_in(criterion.cells[k].descriptor, language, "\n"));
      cells.push_back(to_string(criterion.cells[k].points));
    }
    out += csv_line(cells);
  }
  return out;
}

bool is_canvas_csv(std::string_view utf8) {
  const auto line = folded(utf8.substr(0, std::min(utf8.find('\n'), std::size_t{4'096})));
  return line.find("rubric name") != line.npos && line.find("criteria name") != line.npos;
}

Preview read_canvas_csv(std::string_view utf8, std::size_t index, Notes notes) {
  const auto grid = read_csv(utf8, detect_delimiter(utf8), notes);
  if (!grid) return {std::nullopt, notes.list()};
  return CanvasReader(*grid, std::move(notes)).run(index);
}

}  // namespace rubricon::formats
