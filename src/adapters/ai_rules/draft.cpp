#include <rubricon/ai_rules/draft.hpp>

#include <rubricon/ai_rules/resolve.hpp>
#include <rubricon/base/assert.hpp>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

using domain::CellOrigin;
using domain::Criterion;
using domain::CriterionSource;
using domain::Rubric;

/// A row for the four base levels.
Criterion base_row(const LibraryCriterion& from, std::string id, std::string_view band) {
  Criterion row;
  row.id = std::move(id);
  row.name = from.name;
  row.focus = from.focus;
  row.weight = from.weight;
  row.source = CriterionSource::library;
  for (const auto& text : from.texts_for(band)) {
    row.cells.push_back(
        {.level_id = {}, .points = {}, .descriptor = text, .origin = CellOrigin::library});
  }
  return row;
}

Rubric base_table(const Library& library) {
  Rubric out;
  out.total = domain::Amount::whole(100);
  const auto& names = library.level_names(4);
  for (std::size_t i = 0; i < names.size(); ++i) {
    out.levels.push_back({"l" + std::to_string(i + 1), names[i]});
  }
  return out;
}

void connect(Rubric& rubric) {
  for (auto& row : rubric.criteria) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) row.cells[i].level_id = rubric.levels[i].id;
  }
}

bool is_called(const Rules& rules, const LibraryCriterion& criterion, std::string_view name) {
  if (criterion.id == name || rules.fold(criterion.name.en) == name) return true;
  if (rules.fold(criterion.name.zh_tw) == name) return true;
  return std::ranges::find(criterion.aliases, name) != criterion.aliases.end();
}

}  // namespace

Rubric draft(const Library& library, const AssignmentType& type, const DraftWishes& wishes) {
  auto out = base_table(library);
  out.language = wishes.language;
  out.assignment_type = type.id;
  out.grade = wishes.grade;
  std::string band = wishes.band;
  if (wishes.grade) band = domain::grade_band_of(*wishes.grade);
  if (!band.empty()) out.grade_band = band;
  out.total = wishes.total;
  out.title = title_for(library, type, wishes.grade, band);
  for (const auto& criterion : type.criteria) {
    out.criteria.push_back(base_row(criterion, criterion.id, band));
  }
  connect(out);
  auto scaled = domain::set_levels(out, library.scheme(out, wishes.levels));
  RUBRICON_ASSERT(scaled.has_value());
  // Ids in the order of the table: nothing refers to them yet.
  auto done = std::move(*scaled);
  for (std::size_t i = 0; i < done.levels.size(); ++i) {
    done.levels[i].id = "l" + std::to_string(i + 1);
  }
  connect(done);
  return done;
}

Criterion library_row(const Library& library, const LibraryCriterion& from, std::string id,
                      const Rubric& rubric) {
  const auto count = rubric.levels.size();
  const auto band = rubric.grade_band.value_or("");
  if (count < scale_levels_min || count > scale_levels_max) {
    auto row = own_row({}, Locale::en, rubric);
    row.id = std::move(id);
    row.name = from.name;
    row.focus = from.focus;
    return row;
  }
  auto table = base_table(library);
  table.assignment_type = rubric.assignment_type;
  table.grade_band = rubric.grade_band;
  table.criteria.push_back(base_row(from, std::move(id), band));
  connect(table);
  auto scheme = library.scheme(table, count);
  scheme.library[table.criteria[0].id] = from.texts_for(band);
  auto scaled = domain::set_levels(table, scheme);
  RUBRICON_ASSERT(scaled.has_value());
  auto row = std::move(scaled->criteria[0]);
  for (std::size_t i = 0; i < count; ++i) row.cells[i].level_id = rubric.levels[i].id;
  row.weight = domain::Amount();
  return row;
}

Criterion own_row(const std::string& name, Locale locale, const Rubric& rubric) {
  Criterion row;
  row.id = "own";
  (locale == Locale::en ? row.name.en : row.name.zh_tw) = name;
  row.source = CriterionSource::teacher;
  for (const auto& level : rubric.levels) {
    row.cells.push_back(
        {.level_id = level.id, .points = {}, .descriptor = {}, .origin = CellOrigin::teacher});
  }
  return row;
}

std::optional<LibraryFind> find_in_library(const Library& library, const Rules& rules,
                                           const Rubric& rubric, std::string_view folded) {
  const auto name = trim_name(folded);
  const auto own = rubric.assignment_type.value_or("");
  const auto search = [&](const std::vector<LibraryCriterion>& list) -> const LibraryCriterion* {
    for (const auto& criterion : list) {
      if (is_called(rules, criterion, name)) return &criterion;
    }
    return nullptr;
  };
  if (const auto* type = library.type(own); type != nullptr) {
    const auto* found = search(type->criteria);
    if (found != nullptr) return LibraryFind{found, found->id, nullptr};
  }
  if (const auto* found = search(library.optional_criteria())) {
    return LibraryFind{found, found->id, nullptr};
  }
  for (const auto& type : library.types()) {
    if (type.id == own) continue;
    const auto* found = search(type.criteria);
    if (found != nullptr) return LibraryFind{found, type.id + "-" + found->id, &type};
  }
  return std::nullopt;
}

}  // namespace rubricon::ai_rules
