#include <rubricon/domain/rubric_consent.hpp>

#include <rubricon/domain/put_back.hpp>
#include <rubricon/domain/rubric_edit.hpp>

#include <algorithm>

namespace rubricon::domain {
namespace {

const RubricCell* cell_at(const Criterion& row, std::string_view level_id) {
  const auto found = std::ranges::find(row.cells, level_id, &RubricCell::level_id);
  return found == row.cells.end() ? nullptr : &*found;
}

bool same_words(const RubricCell& one, const RubricCell& other) {
  return one.descriptor == other.descriptor && one.origin == other.origin &&
         one.locked == other.locked;
}

class Keeping {
 public:
  Keeping(const Rubric& before, Rubric after) : before_(before), after_(std::move(after)) {}

  LockedKept run();

 private:
  void keep_levels();
  void keep_rows();
  void keep(Criterion& row, const Criterion& before);

  const Rubric& before_;
  Rubric after_;
  std::size_t kept_ = 0;
  bool weights_moved_ = false;  ///< by what was put back: they have to be shared anew
};

void Keeping::keep_levels() {
  std::set<std::string> left_out;
  for (const auto& level : before_.levels) {
    const bool locked = std::ranges::any_of(before_.criteria, [&level](const Criterion& row) {
      const auto* cell = cell_at(row, level.id);
      return cell != nullptr && cell->locked;
    });
    const bool gone =
        std::ranges::find(after_.levels, level.id, &RubricLevel::id) == after_.levels.end();
    if (locked && gone) left_out.insert(level.id);
  }
  kept_ += left_out.size();
  put_back(after_.levels, before_.levels, left_out);
}

void Keeping::keep_rows() {
  std::set<std::string> left_out;
  for (const auto& row : before_.criteria) {
    const bool locked = row.locked || std::ranges::any_of(row.cells, &RubricCell::locked);
    if (locked && after_.find(row.id) == nullptr) left_out.insert(row.id);
  }
  kept_ += left_out.size();
  weights_moved_ = !left_out.empty();
  put_back(after_.criteria, before_.criteria, left_out);
}

/// Gives `row` one cell a level, and back what is locked of it.
void Keeping::keep(Criterion& row, const Criterion& before) {
  if (before.locked) {
    if (row.name != before.name || row.focus != before.focus || row.weight != before.weight) {
      ++kept_;
    }
    weights_moved_ = weights_moved_ || row.weight != before.weight;
    row.name = before.name;
    row.focus = before.focus;
    row.weight = before.weight;
    row.source = before.source;
    row.locked = true;
  }
  std::vector<RubricCell> cells;
  for (const auto& level : after_.levels) {
    const auto* now = cell_at(row, level.id);
    const auto* old = cell_at(before, level.id);
    const bool locked = old != nullptr && (old->locked || before.locked);
    if (locked && now != nullptr && !same_words(*now, *old)) ++kept_;
    if (locked || now == nullptr) now = old;
    cells.push_back(now != nullptr ? *now : RubricCell{.level_id = level.id});
  }
  row.cells = std::move(cells);
}

LockedKept Keeping::run() {
  keep_levels();
  keep_rows();
  for (auto& row : after_.criteria) {
    const auto* before = before_.find(row.id);
    keep(row, before != nullptr ? *before : row);
  }
  if (after_.levels.size() > rubric_levels_max || after_.criteria.size() > rubric_criteria_max) {
    return {before_, kept_};
  }
  if (!weights_moved_) return {recompute_points(std::move(after_)), kept_};
  auto shared = set_weights(std::move(after_), {});
  if (!shared) return {before_, kept_};
  return {std::move(*shared), kept_};
}

}  // namespace

LockedKept keep_locked(const Rubric& before, Rubric after) {
  return Keeping(before, std::move(after)).run();
}

std::size_t typed_cells_changed(const Rubric& before, const Rubric& after) {
  std::size_t changed = 0;
  for (const auto& row : before.criteria) {
    const auto* now = after.find(row.id);
    for (const auto& cell : row.cells) {
      if (cell.origin != CellOrigin::teacher || cell.descriptor.empty()) continue;
      const auto* there = now != nullptr ? cell_at(*now, cell.level_id) : nullptr;
      const bool dictated =
          there != nullptr && there->origin == CellOrigin::teacher && !there->descriptor.empty();
      if (there == nullptr || (there->descriptor != cell.descriptor && !dictated)) ++changed;
    }
  }
  return changed;
}

}  // namespace rubricon::domain
