#include <rubricon/formats/rubric_grid.hpp>

#include <algorithm>

namespace rubricon::formats {
namespace {

using domain::LocalText;

const LocalText criterion_word{.en = "Criterion", .zh_tw = "評分項目"};
const LocalText focus_word{.en = "Focus", .zh_tw = "說明"};
const LocalText weight_word{.en = "Weight (%)", .zh_tw = "權重（%）"};
const LocalText points_word{.en = "Points", .zh_tw = "配分"};
const LocalText total_word{.en = "Total", .zh_tw = "合計"};

std::string points_of(domain::Amount points, Language language) {
  const auto number = to_string(points);
  if (language != Language::en) return number + " 分";
  return number + (points == domain::Amount::whole(1) ? " pt" : " pts");
}

std::string level_cell(const domain::RubricCell& cell, Language language) {
  const auto text = text_in(cell.descriptor, language, "\n");
  const auto points = points_of(cell.points, language);
  if (text.empty()) return points;
  return points + (language == Language::en ? ": " : "：") + text;
}

GridCell number(domain::Amount amount) {
  return {.text = to_string(amount), .quoted = false, .number = true, .heading = false};
}

class GridWriter {
 public:
  GridWriter(const domain::Rubric& rubric, Language language)
      : rubric_(rubric), language_(language) {
    has_focus_ = std::ranges::any_of(
        rubric.criteria, [](const domain::Criterion& each) { return !each.focus.empty(); });
  }

  Grid run() {
    grid_.title = text_in(rubric_.title, language_, name_between);
    headings();
    for (const auto& criterion : rubric_.criteria) row(criterion);
    totals();
    return std::move(grid_);
  }

 private:
  std::vector<GridCell>& new_row() {
    grid_.rows.push_back({grid_.rows.size() + 1, {}});
    return grid_.rows.back().cells;
  }
  GridCell text(const LocalText& in) const {
    return {.text = text_in(in, language_, "\n"), .quoted = false, .number = false};
  }

  void headings() {
    auto& cells = new_row();
    const auto add = [&](const LocalText& word) {
      cells.push_back(text(word));
      cells.back().heading = true;
    };
    add(criterion_word);
    if (has_focus_) add(focus_word);
    add(weight_word);
    add(points_word);
    for (const auto& level : rubric_.levels) add(level.name);
  }

  void row(const domain::Criterion& criterion) {
    auto& cells = new_row();
    cells.push_back(text(criterion.name));
    if (has_focus_) cells.push_back(text(criterion.focus));
    cells.push_back(number(criterion.weight));
    cells.push_back(number(criterion.points));
    for (const auto& cell : criterion.cells) {
      cells.push_back({.text = level_cell(cell, language_), .quoted = false, .number = false});
    }
  }

  void totals() {
    domain::Amount weight;
    for (const auto& criterion : rubric_.criteria) weight = weight + criterion.weight;
    auto& cells = new_row();
    cells.push_back(text(total_word));
    if (has_focus_) cells.emplace_back();
    cells.push_back(number(weight));
    cells.push_back(number(rubric_.total));
    cells.resize(grid_.rows.front().cells.size());
  }

  const domain::Rubric& rubric_;
  Language language_;
  bool has_focus_ = false;
  Grid grid_;
};

}  // namespace

Grid rubric_grid(const domain::Rubric& rubric, Language language) {
  return GridWriter(rubric, language).run();
}

}  // namespace rubricon::formats
