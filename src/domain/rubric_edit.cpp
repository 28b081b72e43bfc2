#include <rubricon/domain/rubric_edit.hpp>

#include <rubricon/domain/apportion.hpp>
#include <rubricon/domain/text.hpp>

#include <algorithm>
#include <set>

namespace rubricon::domain {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::int64_t hundred = Amount::whole(100).in_hundredths();

std::unexpected<base::Error> refuse(const char* reason, std::string detail) {
  return fail(ErrorCode::invalid, std::move(detail), reason);
}

std::unexpected<base::Error> unknown(std::string_view id) {
  return fail(ErrorCode::not_found, "no criterion " + std::string(id), "unknown_criterion");
}

/// Whole percents where what is left allows it, else as fine as it is.
std::int64_t weight_unit(std::int64_t left) {
  if (left % 100 == 0) return 100;
  return left % 50 == 0 ? 50 : 1;
}

/// Gives the rows that are neither `fixed` nor locked what those leave of 100.
base::Result<Rubric> share_rest(Rubric rubric, const std::set<std::string_view>& fixed) {
  std::int64_t left = hundred;
  std::vector<Criterion*> rest;
  std::vector<std::int64_t> shares;
  for (auto& row : rubric.criteria) {
    if (row.locked || fixed.contains(row.id)) {
      left -= row.weight.in_hundredths();
    } else {
      rest.push_back(&row);
      shares.push_back(row.weight.in_hundredths());
    }
  }
  if (left < 0) return refuse("over_100", "fixed weights are more than 100");
  if (left > 0 && rest.empty()) return refuse("under_100", "no row is free to take the rest");
  const auto parts = apportion(left, shares, weight_unit(left));
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i]->weight = Amount::hundredths(parts[i]);
  return recompute_points(std::move(rubric));
}

std::string unique_id(const Rubric& rubric, const std::string& wanted) {
  if (rubric.find(wanted) == nullptr) return wanted;
  for (int n = 2;; ++n) {
    auto id = wanted + "_" + std::to_string(n);
    if (rubric.find(id) == nullptr) return id;
  }
}

const char* name_problem(const LocalText& name) {
  if (name.empty()) return "empty";
  const auto longest = std::max(utf16_length(name.en), utf16_length(name.zh_tw));
  return longest > rubric_name_characters_max ? "too_long" : nullptr;
}

}  // namespace

base::Result<Rubric> set_weights(Rubric rubric, const std::vector<WeightChange>& changes) {
  std::set<std::string_view> fixed;
  for (const auto& change : changes) {
    auto* row = rubric.find(change.criterion_id);
    if (row == nullptr) return unknown(change.criterion_id);
    if (row->locked) return refuse("locked", change.criterion_id);
    if (!fixed.insert(change.criterion_id).second) return refuse("duplicate", row->id);
    if (change.weight < Amount()) return refuse("over_100", "a weight is negative");
    row->weight = change.weight;
  }
  return share_rest(std::move(rubric), fixed);
}

base::Result<Rubric> set_weights_equal(Rubric rubric) {
  for (auto& row : rubric.criteria) {
    if (!row.locked) row.weight = Amount();
  }
  return share_rest(std::move(rubric), {});
}

base::Result<Rubric> set_total(Rubric rubric, Amount total) {
  if (total <= Amount() || total > rubric_total_max) {
    return refuse("out_of_range", "the total must be above 0 and at most 10000");
  }
  rubric.total = total;
  return recompute_points(std::move(rubric));
}

base::Result<Rubric> rename_levels(Rubric rubric, const std::vector<LocalText>& names) {
  if (names.size() != rubric.levels.size()) {
    return refuse("level_count", "there must be one name a level");
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (const char* problem = name_problem(names[i])) return refuse(problem, "level name");
    rubric.levels[i].name = names[i];
  }
  return rubric;
}

base::Result<Rubric> add_criterion(Rubric rubric, Criterion criterion) {
  if (rubric.criteria.size() >= rubric_criteria_max) return refuse("too_many", "50 criteria");
  if (criterion.cells.size() != rubric.levels.size()) return refuse("cells", "one cell a level");
  if (const char* problem = name_problem(criterion.name)) return refuse(problem, "name");
  criterion.id = unique_id(rubric, criterion.id);
  for (std::size_t i = 0; i < criterion.cells.size(); ++i) {
    criterion.cells[i].level_id = rubric.levels[i].id;
  }
  const std::string id = criterion.id;
  rubric.criteria.push_back(std::move(criterion));
  return share_rest(std::move(rubric), {id});
}

base::Result<Rubric> remove_criterion(Rubric rubric, std::string_view id) {
  const auto row = std::ranges::find(rubric.criteria, id, &Criterion::id);
  if (row == rubric.criteria.end()) return unknown(id);
  if (rubric.criteria.size() == 1) return refuse("last_criterion", "a rubric has a criterion");
  rubric.criteria.erase(row);
  return share_rest(std::move(rubric), {});
}

base::Result<Rubric> rename_criterion(Rubric rubric, std::string_view id, LocalText name) {
  auto* row = rubric.find(id);
  if (row == nullptr) return unknown(id);
  if (const char* problem = name_problem(name)) return refuse(problem, "name");
  row->name = std::move(name);
  return rubric;
}

base::Result<Rubric> move_criterion(Rubric rubric, std::string_view id, std::size_t index) {
  const auto row = std::ranges::find(rubric.criteria, id, &Criterion::id);
  if (row == rubric.criteria.end()) return unknown(id);
  auto moved = std::move(*row);
  rubric.criteria.erase(row);
  const auto at = std::min(index, rubric.criteria.size());
  rubric.criteria.insert(rubric.criteria.begin() + static_cast<std::ptrdiff_t>(at),
                         std::move(moved));
  return recompute_points(std::move(rubric));
}

base::Result<Rubric> set_descriptor(Rubric rubric, std::string_view id, std::size_t level,
                                    LocalText text) {
  auto* row = rubric.find(id);
  if (row == nullptr) return unknown(id);
  if (level >= row->cells.size()) return refuse("out_of_range", "no such level");
  const auto longest = std::max(utf16_length(text.en), utf16_length(text.zh_tw));
  if (longest > rubric_descriptor_characters_max) return refuse("too_long", "descriptor");
  row->cells[level].descriptor = std::move(text);
  row->cells[level].origin = CellOrigin::teacher;
  return rubric;
}

Rubric set_language(Rubric rubric, RubricLanguage language) {
  rubric.language = language;
  return rubric;
}

}  // namespace rubricon::domain
