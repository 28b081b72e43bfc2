#include <rubricon/domain/rubric_changes.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cstdint>
#include <vector>

namespace rubricon::domain {
namespace {

template <typename Item>
const Item* known(const std::vector<Item>& items, std::string_view id) {
  const auto found = std::ranges::find(items, id, &Item::id);
  return found == items.end() ? nullptr : &*found;
}

template <typename Item>
std::size_t missing_from(const std::vector<Item>& some, const std::vector<Item>& others) {
  return static_cast<std::size_t>(std::ranges::count_if(
      some, [&others](const Item& item) { return known(others, item.id) == nullptr; }));
}

/// Whether those that both have stand in another order.
template <typename Item>
bool reordered(const std::vector<Item>& before, const std::vector<Item>& after) {
  const auto ids = [](const std::vector<Item>& items, const std::vector<Item>& others) {
    std::vector<std::string_view> out;
    for (const auto& item : items) {
      if (known(others, item.id) != nullptr) out.push_back(item.id);
    }
    return out;
  };
  return ids(before, after) != ids(after, before);
}

void compare(const Criterion& before, const Criterion& after, RubricChanges& out) {
  out.names += before.name != after.name ? 1 : 0;
  out.names += before.focus != after.focus ? 1 : 0;
  out.weights += before.weight != after.weight ? 1 : 0;
  out.locks += before.locked != after.locked ? 1 : 0;
  for (const auto& cell : before.cells) {
    const auto now = std::ranges::find(after.cells, cell.level_id, &RubricCell::level_id);
    if (now == after.cells.end()) continue;
    out.cells += cell.descriptor != now->descriptor ? 1 : 0;
    out.locks += cell.locked != now->locked ? 1 : 0;
  }
}

}  // namespace

RubricChanges changes_between(const Rubric& before, const Rubric& after) {
  RubricChanges out{.criteria_added = missing_from(after.criteria, before.criteria),
                    .criteria_removed = missing_from(before.criteria, after.criteria),
                    .levels_added = missing_from(after.levels, before.levels),
                    .levels_removed = missing_from(before.levels, after.levels)};
  for (const auto& row : before.criteria) {
    if (const auto* now = after.find(row.id)) compare(row, *now, out);
  }
  for (const auto& level : before.levels) {
    const auto* now = known(after.levels, level.id);
    if (now != nullptr && now->name != level.name) ++out.names;
  }
  if (before.title != after.title) ++out.names;
  for (const bool changed :
       {before.total != after.total, before.language != after.language, before.kind != after.kind,
        before.assignment_type != after.assignment_type,
        before.grade != after.grade || before.grade_band != after.grade_band,
        reordered(before.criteria, after.criteria), reordered(before.levels, after.levels)}) {
    if (changed) ++out.settings;
  }
  return out;
}

std::string document_digest(std::string_view document) {
  // FNV-1a, 64 bits.
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  for (const char c : document) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1'099'511'628'211U;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace rubricon::domain
