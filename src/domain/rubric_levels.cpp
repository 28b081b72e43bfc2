#include <rubricon/base/assert.hpp>
#include <rubricon/domain/rubric_edit.hpp>
#include <rubricon/domain/text.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace rubricon::domain {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);
/// Heights closer than this are the same level. Only scales of more than 6 levels need it.
constexpr int same_height = 20;

/// For each new level the old one of the same height, or `none`.
std::vector<std::size_t> match_levels(std::size_t count_old, std::size_t count_new) {
  std::vector<std::size_t> out(count_new, none);
  std::vector<bool> taken(count_old);
  for (std::size_t j = 0; j < count_new; ++j) {
    for (std::size_t i = 0; i < count_old; ++i) {
      const int apart = std::abs(level_height(i, count_old) - level_height(j, count_new));
      if (taken[i] || apart > same_height) continue;
      const auto nearer = [&](std::size_t k) {
        return std::abs(level_height(k, count_old) - level_height(j, count_new)) < apart;
      };
      if (i + 1 < count_old && nearer(i + 1)) continue;
      out[j] = i;
      taken[i] = true;
      break;
    }
  }
  return out;
}

std::string fresh_level_id(const std::vector<RubricLevel>& old,
                           const std::vector<RubricLevel>& made) {
  for (int n = 1;; ++n) {
    auto id = "l" + std::to_string(n);
    const auto is = [&id](const RubricLevel& level) { return level.id == id; };
    if (std::ranges::none_of(old, is) && std::ranges::none_of(made, is)) return id;
  }
}

std::vector<RubricLevel> new_levels(const std::vector<RubricLevel>& old, const LevelScheme& scheme,
                                    const std::vector<std::size_t>& match) {
  std::vector<RubricLevel> out;
  for (std::size_t j = 0; j < match.size(); ++j) {
    if (match[j] == none) {
      out.push_back({fresh_level_id(old, out), scheme.names[j]});
      continue;
    }
    const auto& kept = old[match[j]];
    const bool is_library =
        match[j] < scheme.names_before.size() && kept.name == scheme.names_before[match[j]];
    out.push_back({kept.id, is_library ? scheme.names[j] : kept.name});
  }
  return out;
}

std::string fill(std::string text, std::string_view key, std::string_view value) {
  const auto at = text.find(key);
  return at == std::string::npos ? text : text.replace(at, key.size(), value);
}

/// The template filled in one language, or "" where a neighbour has no text or the result is long.
std::string between_text(const std::string& form, const std::string& upper,
                         const std::string& lower) {
  if (form.empty() || upper.empty() || lower.empty()) return {};
  auto text = fill(fill(form, "{lower}", lower), "{upper}", upper);
  return utf16_length(text) > rubric_descriptor_characters_max ? std::string() : text;
}

/// Nearest written cell above (`step` -1) or below (+1) that is not itself put together.
const RubricCell* neighbour(const std::vector<RubricCell>& cells, std::size_t from, int step) {
  auto i = static_cast<std::ptrdiff_t>(from) + step;
  for (; i >= 0 && i < static_cast<std::ptrdiff_t>(cells.size()); i += step) {
    const auto& cell = cells[static_cast<std::size_t>(i)];
    if (cell.origin != CellOrigin::between && !cell.descriptor.empty()) return &cell;
  }
  return nullptr;
}

std::vector<RubricCell> new_cells(const Criterion& row, const std::vector<RubricLevel>& levels,
                                  const std::vector<std::size_t>& match,
                                  const LevelScheme& scheme) {
  const auto library =
      row.source == CriterionSource::library ? scheme.library.find(row.id) : scheme.library.end();
  std::vector<RubricCell> out(levels.size());
  for (std::size_t j = 0; j < levels.size(); ++j) {
    const int height = level_height(j, levels.size());
    if (match[j] != none) {
      out[j] = row.cells[match[j]];
    } else if (library != scheme.library.end() && height % 100 == 0) {
      const auto base = static_cast<std::size_t>(4 - height / 100);
      out[j].descriptor = library->second[base];
      out[j].origin = CellOrigin::library;
    }
    out[j].level_id = levels[j].id;
  }
  for (std::size_t j = 0; j < levels.size(); ++j) {
    if (match[j] != none || !out[j].descriptor.empty()) continue;
    const auto* upper = neighbour(out, j, -1);
    const auto* lower = neighbour(out, j, +1);
    if (upper == nullptr || lower == nullptr) continue;
    out[j].descriptor = {
        between_text(scheme.between.en, upper->descriptor.en, lower->descriptor.en),
        between_text(scheme.between.zh_tw, upper->descriptor.zh_tw, lower->descriptor.zh_tw)};
    if (!out[j].descriptor.empty()) out[j].origin = CellOrigin::between;
  }
  return out;
}

}  // namespace

int level_height(std::size_t index, std::size_t count) {
  static constexpr std::array<std::array<int, 6>, 5> heights = {{{300, 200},
                                                                 {400, 300, 200},
                                                                 {400, 300, 200, 100},
                                                                 {400, 350, 300, 200, 100},
                                                                 {400, 350, 300, 250, 200, 100}}};
  RUBRICON_ASSERT(index < count);
  if (count == 1) return 400;
  if (count <= 6) return heights[count - 2][index];
  return 400 - static_cast<int>(300 * index / (count - 1));
}

base::Result<Rubric> set_levels(Rubric rubric, const LevelScheme& scheme) {
  if (scheme.names.size() < rubric_levels_min || scheme.names.size() > rubric_levels_max) {
    return base::fail(base::ErrorCode::invalid, "2 to 10 levels", "out_of_range");
  }
  const auto match = match_levels(rubric.levels.size(), scheme.names.size());
  auto levels = new_levels(rubric.levels, scheme, match);
  for (auto& row : rubric.criteria) row.cells = new_cells(row, levels, match, scheme);
  rubric.levels = std::move(levels);
  return recompute_points(std::move(rubric));
}

}  // namespace rubricon::domain
