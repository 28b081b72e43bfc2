#include <rubricon/domain/rubric.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/domain/apportion.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace rubricon::domain {
namespace {

namespace json = boost::json;

json::value number(Amount amount) {
  const auto h = amount.in_hundredths();
  if (h % 100 == 0) return h / 100;
  return static_cast<double>(h) / 100.0;
}

/// As `json::serialize` does it, but with decimals as people write them: 12.5, not 1.25E1.
void write(std::string& out, const json::value& value) {
  char separator = 0;
  const auto separate = [&] {
    if (separator != 0) out += separator;
    separator = ',';
  };
  if (const auto* object = value.if_object()) {
    out += '{';
    for (const auto& member : *object) {
      separate();
      out += json::serialize(member.key()) + ':';
      write(out, member.value());
    }
    out += '}';
  } else if (const auto* array = value.if_array()) {
    out += '[';
    for (const auto& element : *array) {
      separate();
      write(out, element);
    }
    out += ']';
  } else if (const auto* decimal = value.if_double()) {
    out += to_string(Amount::hundredths(std::llround(*decimal * 100)));
  } else {
    out += json::serialize(value);
  }
}

json::object to_value(const LocalText& text) {
  json::object out;
  if (!text.en.empty()) out["en"] = text.en;
  if (!text.zh_tw.empty()) out["zh-TW"] = text.zh_tw;
  return out;
}

json::object to_value(const Criterion& criterion) {
  json::array cells;
  for (const auto& cell : criterion.cells) {
    json::object out{{"levelId", cell.level_id},
                     {"points", number(cell.points)},
                     {"descriptor", to_value(cell.descriptor)},
                     {"origin", to_string(cell.origin)}};
    if (cell.locked) out["locked"] = true;
    cells.push_back(std::move(out));
  }
  return {{"id", criterion.id},
          {"name", to_value(criterion.name)},
          {"focus", to_value(criterion.focus)},
          {"weight", number(criterion.weight)},
          {"points", number(criterion.points)},
          {"locked", criterion.locked},
          {"source", to_string(criterion.source)},
          {"cells", std::move(cells)}};
}

/// The coarsest of 1, 0.5 and 0.01 points (in hundredths) that keeps the total exact, and the
/// criteria too where whole points do.
std::int64_t points_unit(const Rubric& rubric, std::int64_t sum) {
  const auto exact_in = [&](std::int64_t unit) {
    return std::ranges::all_of(rubric.criteria, [&](const Criterion& c) {
      return c.weight.in_hundredths() * rubric.total.in_hundredths() % (10'000 * unit) == 0;
    });
  };
  if (exact_in(100)) return 100;
  return sum % 50 == 0 ? 50 : 1;
}

void spread_over_cells(Criterion& criterion) {
  const auto steps = static_cast<std::int64_t>(criterion.cells.size()) - 1;
  const auto best = criterion.points.in_hundredths();
  if (steps <= 0) return;
  for (const std::int64_t unit : {std::int64_t{50}, std::int64_t{1}}) {
    std::int64_t above = -1;
    bool falling = true;
    for (std::int64_t i = 0; i <= steps; ++i) {
      const auto exact = best * (steps - i);
      auto points = (2 * exact + steps * unit) / (2 * steps * unit) * unit;
      if (i == 0) points = best;
      if (i > 0 && points >= above) falling = false;
      above = points;
      criterion.cells[static_cast<std::size_t>(i)].points = Amount::hundredths(points);
    }
    if (falling) return;
  }
}

}  // namespace

const std::string& LocalText::in(Locale locale) const {
  if (locale == Locale::en) return en.empty() ? zh_tw : en;
  return zh_tw.empty() ? en : zh_tw;
}

std::string to_string(Amount amount) {
  auto h = amount.in_hundredths();
  std::string text = h < 0 ? "-" : "";
  if (h < 0) h = -h;
  text += std::to_string(h / 100);
  if (h % 100 != 0) {
    text += '.';
    text += static_cast<char>('0' + h % 100 / 10);
    if (h % 10 != 0) text += static_cast<char>('0' + h % 10);
  }
  return text;
}

std::optional<Amount> parse_amount(std::string_view text) {
  const auto point = text.find('.');
  const auto digits = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  const auto all_digits = [](std::string_view s) {
    return std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (digits.empty() || digits.size() > 7 || fraction.size() > 9) return std::nullopt;
  if (point != std::string_view::npos && fraction.empty()) return std::nullopt;
  if (!all_digits(digits) || !all_digits(fraction)) return std::nullopt;
  std::int64_t thousandths = 0;
  for (const char c : digits) thousandths = thousandths * 10 + (c - '0');
  for (std::size_t i = 0; i < 3; ++i) {
    thousandths = thousandths * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  }
  const auto hundredths = (thousandths + 5) / 10;
  if (hundredths > 100'000'000) return std::nullopt;
  return Amount::hundredths(hundredths);
}

const char* to_string(RubricLanguage language) noexcept {
  switch (language) {
    case RubricLanguage::en: return "en";
    case RubricLanguage::zh_tw: return "zh-TW";
    case RubricLanguage::bilingual: return "bilingual";
  }
  base::assertion_failed("a known RubricLanguage", __FILE__, __LINE__);
}

const char* to_string(RubricKind kind) noexcept {
  switch (kind) {
    case RubricKind::analytic: return "analytic";
    case RubricKind::holistic: return "holistic";
    case RubricKind::single_point: return "single_point";
  }
  base::assertion_failed("a known RubricKind", __FILE__, __LINE__);
}

const char* to_string(CriterionSource source) noexcept {
  switch (source) {
    case CriterionSource::library: return "library";
    case CriterionSource::teacher: return "teacher";
  }
  base::assertion_failed("a known CriterionSource", __FILE__, __LINE__);
}

const char* to_string(CellOrigin origin) noexcept {
  switch (origin) {
    case CellOrigin::library: return "library";
    case CellOrigin::between: return "between";
    case CellOrigin::model: return "model";
    case CellOrigin::teacher: return "teacher";
  }
  base::assertion_failed("a known CellOrigin", __FILE__, __LINE__);
}

const Criterion* Rubric::find(std::string_view criterion_id) const {
  const auto it = std::ranges::find(criteria, criterion_id, &Criterion::id);
  return it == criteria.end() ? nullptr : &*it;
}

Criterion* Rubric::find(std::string_view criterion_id) {
  const auto it = std::ranges::find(criteria, criterion_id, &Criterion::id);
  return it == criteria.end() ? nullptr : &*it;
}

std::string_view grade_band_of(int grade) noexcept {
  if (grade < 1 || grade > 16) return {};
  if (grade <= 2) return "lower_primary";
  if (grade <= 4) return "middle_primary";
  if (grade <= 6) return "upper_primary";
  if (grade <= 9) return "junior_high";
  return grade <= 12 ? "senior_high" : "higher_ed";
}

bool is_grade_band(std::string_view id) noexcept {
  constexpr std::array<std::string_view, 6> bands = {"lower_primary", "middle_primary",
                                                     "upper_primary", "junior_high",
                                                     "senior_high",   "higher_ed"};
  return std::ranges::find(bands, id) != bands.end();
}

std::string to_json(const Rubric& rubric) {
  json::array levels;
  for (const auto& level : rubric.levels) {
    levels.push_back(json::object{{"id", level.id}, {"name", to_value(level.name)}});
  }
  json::array criteria;
  for (const auto& criterion : rubric.criteria) criteria.push_back(to_value(criterion));
  json::object out{{"title", to_value(rubric.title)},
                   {"language", to_string(rubric.language)},
                   {"kind", to_string(rubric.kind)},
                   {"assignmentType", nullptr},
                   {"grade", nullptr},
                   {"gradeBand", nullptr},
                   {"total", number(rubric.total)},
                   {"levels", std::move(levels)},
                   {"criteria", std::move(criteria)}};
  if (rubric.assignment_type) out["assignmentType"] = *rubric.assignment_type;
  if (rubric.grade) out["grade"] = *rubric.grade;
  if (rubric.grade_band) out["gradeBand"] = *rubric.grade_band;
  std::string text;
  write(text, out);
  return text;
}

Rubric recompute_points(Rubric rubric) {
  std::vector<std::int64_t> weights;
  std::int64_t weight_sum = 0;
  for (const auto& criterion : rubric.criteria) {
    weights.push_back(criterion.weight.in_hundredths());
    weight_sum += weights.back();
  }
  const auto sum = (rubric.total.in_hundredths() * weight_sum + 5'000) / 10'000;
  if (weight_sum == 0) {
    for (auto& criterion : rubric.criteria) {
      criterion.points = Amount();
      spread_over_cells(criterion);
    }
    return rubric;
  }
  const auto parts = apportion(sum, weights, points_unit(rubric, sum));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    rubric.criteria[i].points = Amount::hundredths(parts[i]);
    spread_over_cells(rubric.criteria[i]);
  }
  return rubric;
}

}  // namespace rubricon::domain
