/// The rubric document: criteria × levels, each crossing a cell with points and a descriptor.
///
/// Values only: nothing here has a clock, a lock or I/O, and every function may be called from any
/// thread. A `Rubric` that came out of `parse_rubric` or out of an edit (rubric_edit.hpp) keeps
/// these invariants:
/// - 1..50 criteria and 2..10 levels, ids unique within each list;
/// - every criterion has exactly one cell a level, in the order of `levels` (best first);
/// - points follow from weights and total (`recompute_points`), whatever a client sent.
/// Weights need not sum to 100: a teacher may be half-way through the table. `validate`
/// (rubric_check.hpp) says so, and the edits of weights and rows (rubric_edit.hpp) mend it.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/user.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::domain {

/// A text in English, in Traditional Chinese, or in both. Empty: not written in that language.
struct LocalText {
  std::string en;
  std::string zh_tw;

  bool empty() const { return en.empty() && zh_tw.empty(); }
  /// The text in `locale`, else the one in the other language.
  const std::string& in(Locale locale) const;
  bool operator==(const LocalText&) const = default;
};

/// Percent or points, exact to two decimals, so that sums come out even.
class Amount {
 public:
  constexpr Amount() = default;
  static constexpr Amount whole(std::int64_t n) { return Amount(n * 100); }
  static constexpr Amount hundredths(std::int64_t n) { return Amount(n); }
  constexpr std::int64_t in_hundredths() const { return hundredths_; }
  constexpr auto operator<=>(const Amount&) const = default;
  friend constexpr Amount operator+(Amount a, Amount b) {
    return Amount(a.hundredths_ + b.hundredths_);
  }
  friend constexpr Amount operator-(Amount a, Amount b) {
    return Amount(a.hundredths_ - b.hundredths_);
  }

 private:
  constexpr explicit Amount(std::int64_t hundredths) : hundredths_(hundredths) {}
  std::int64_t hundredths_ = 0;
};

/// "25", "12.5", "33.33": without trailing zeros.
std::string to_string(Amount amount);
/// Digits with an optional fraction, at most 1,000,000; more than two decimals are rounded.
std::optional<Amount> parse_amount(std::string_view text);

enum class RubricLanguage { en, zh_tw, bilingual };
enum class RubricKind { analytic, holistic, single_point };
enum class CriterionSource { library, teacher };
/// Who wrote a descriptor. `between` was put together from the two neighbours and needs wording;
/// `model` is a language model's, and `teacher` what a person typed.
enum class CellOrigin { library, between, model, teacher };

/// Wire spellings: "en", "zh-TW", "bilingual"; "analytic", "holistic", "single_point"; …
const char* to_string(RubricLanguage language) noexcept;
const char* to_string(RubricKind kind) noexcept;
const char* to_string(CriterionSource source) noexcept;
const char* to_string(CellOrigin origin) noexcept;

struct RubricLevel {
  std::string id;
  LocalText name;

  bool operator==(const RubricLevel&) const = default;
};

struct RubricCell {
  std::string level_id;
  Amount points;
  LocalText descriptor;  ///< may be empty: not written yet
  CellOrigin origin = CellOrigin::teacher;
  bool locked = false;  ///< never changed by the AI

  bool operator==(const RubricCell&) const = default;
};

struct Criterion {
  std::string id;
  LocalText name;
  LocalText focus;  ///< the question this row answers; may be empty
  Amount weight;    ///< percent, 0..100
  Amount points;
  bool locked = false;  ///< never changed by the AI, and other rows' edits leave the weight alone
  CriterionSource source = CriterionSource::teacher;
  std::vector<RubricCell> cells;

  bool operator==(const Criterion&) const = default;
};

struct Rubric {
  LocalText title;
  RubricLanguage language = RubricLanguage::zh_tw;
  RubricKind kind = RubricKind::analytic;
  std::optional<std::string> assignment_type;
  std::optional<int> grade;  ///< 1..16, where 13 is the first year of higher education
  std::optional<std::string> grade_band;
  Amount total;
  std::vector<RubricLevel> levels;  ///< best first
  std::vector<Criterion> criteria;

  bool operator==(const Rubric&) const = default;

  const Criterion* find(std::string_view criterion_id) const;
  Criterion* find(std::string_view criterion_id);
};

inline constexpr std::size_t rubric_bytes_max = 64 * 1024;
inline constexpr std::size_t rubric_criteria_max = 50;
inline constexpr std::size_t rubric_levels_min = 2;
inline constexpr std::size_t rubric_levels_max = 10;
inline constexpr std::size_t rubric_name_characters_max = 200;
inline constexpr std::size_t rubric_descriptor_characters_max = 2000;
inline constexpr Amount rubric_total_max = Amount::whole(10'000);

/// Band of a grade: "lower_primary" (1-2), "middle_primary" (3-4), "upper_primary" (5-6),
/// "junior_high" (7-9), "senior_high" (10-12), "higher_ed" (13-16); empty outside 1..16.
std::string_view grade_band_of(int grade) noexcept;
bool is_grade_band(std::string_view id) noexcept;

/// Reads a document as clients send it, checks every bound above and recomputes the points. Cells
/// may come in any order. Refusals: too_large/"rubric_too_large" over 64 KiB; otherwise `invalid`
/// with the reason "malformed_json", "unknown_field", "invalid_type" (the request is not of the
/// documented shape) or "invalid_rubric" (it is, but breaks a rule), and up to 50 `fields`, each
/// with a path such as "criteria[2].cells[0].levelId", a code out of missing, unknown_field,
/// invalid_type, empty, too_long, too_few, too_many, out_of_range, unknown_value, invalid_id,
/// duplicate, unknown_level, missing_cell, control_character, and an English sentence.
base::Result<Rubric> parse_rubric(std::string_view json);

/// The document as JSON object text; `parse_rubric` reads it back to an equal value.
std::string to_json(const Rubric& rubric);

/// Points of criteria: weight × total / 100, by largest remainder in whole points where that is
/// exact, else in halves (in hundredths where the total itself is finer), so that they sum to total
/// × (sum of weights) / 100. Points of cells fall in a line from the criterion's points to 0,
/// rounded to halves where they stay strictly falling, else to hundredths.
Rubric recompute_points(Rubric rubric);

}  // namespace rubricon::domain
