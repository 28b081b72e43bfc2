#include <rubricon/formats/export_limits.hpp>

#include <rubricon/formats/classroom.hpp>
#include <rubricon/formats/turnitin.hpp>

#include <fmt/format.h>

namespace rubricon::formats {
namespace {

using domain::Rubric;

bool is_for_grading(FormatId format) {
  using enum FormatId;
  return format == canvas_csv || format == moodle_json || format == moodle_xml ||
         format == classroom_json || format == turnitin_xlsx;
}

void check_kind(const Rubric& rubric, Notes& notes) {
  if (rubric.kind == domain::RubricKind::analytic) return;
  const bool holistic = rubric.kind == domain::RubricKind::holistic;
  notes.warn({}, "kind_not_kept",
             {.en = fmt::format("This program knows analytic rubrics only; the {} rubric goes as "
                                "one.",
                                holistic ? "holistic" : "single-point"),
              .zh_tw = fmt::format("此系統只有分析式評分表，{}評分表會以分析式匯出。",
                                   holistic ? "整體式" : "單點式")});
}

void check_weights(const Rubric& rubric, Notes& notes) {
  domain::Amount sum;
  for (const auto& criterion : rubric.criteria) sum = sum + criterion.weight;
  if (sum == domain::Amount::whole(100)) return;
  notes.warn({}, "weights_not_100",
             {.en = fmt::format("The weights sum to {} %, so that points do not sum to the total.",
                                to_string(sum)),
              .zh_tw = fmt::format("權重合計 {}%，因此分數加起來不等於總分。", to_string(sum))});
}

void check_equal_points(const Rubric& rubric, Notes& notes) {
  for (std::size_t i = 0; i < rubric.criteria.size(); ++i) {
    const auto& cells = rubric.criteria[i].cells;
    for (std::size_t k = 1; k < cells.size(); ++k) {
      if (cells[k].points < cells[k - 1].points) continue;
      notes.warn({.row = i + 1, .column = k + 1, .path = {}}, "points_equal",
                 {.en = fmt::format("Criterion {} gives equal points at several levels; this "
                                    "program wants them different.",
                                    i + 1),
                  .zh_tw = fmt::format("第 {} 個評分項目有幾個等級分數相同，此系統要求各不相同。",
                                       i + 1)});
      break;
    }
  }
}

void check_titles(const Rubric& rubric, Language language, Notes& notes) {
  for (std::size_t i = 0; i < rubric.criteria.size(); ++i) {
    const auto name = text_in(rubric.criteria[i].name, language, name_between);
    if (turnitin_title(name) == name) continue;
    notes.warn(
        {.row = i + 1, .column = 0, .path = {}}, "title_cut",
        {.en = fmt::format("Turnitin shows 13 characters of \"{}\"; the whole name is in the "
                           "description.",
                           shortened(name)),
         .zh_tw = fmt::format("Turnitin 只顯示「{}」的前 13 個字元，全名已放入說明。",
                              shortened(name))});
  }
  for (std::size_t k = 0; k < rubric.levels.size(); ++k) {
    const auto name = text_in(rubric.levels[k].name, language, name_between);
    if (turnitin_title(name) == name) continue;
    notes.warn({.row = 0, .column = k + 1, .path = {}}, "title_cut",
               {.en = fmt::format("Turnitin shows 13 characters of \"{}\".", shortened(name)),
                .zh_tw = fmt::format("Turnitin 只顯示「{}」的前 13 個字元。", shortened(name))});
  }
}

void check_empty(const Rubric& rubric, Notes& notes) {
  for (std::size_t i = 0; i < rubric.criteria.size(); ++i) {
    for (std::size_t k = 0; k < rubric.levels.size(); ++k) {
      if (!rubric.criteria[i].cells[k].descriptor.empty()) continue;
      notes.warn({.row = i + 1, .column = k + 1, .path = {}}, "empty_descriptor",
                 {.en = fmt::format("Criterion {} has no text for level {}.", i + 1, k + 1),
                  .zh_tw = fmt::format("第 {} 個評分項目的第 {} 個等級沒有文字。", i + 1, k + 1)});
    }
  }
}

void check_classroom(const Rubric& rubric, Notes& notes) {
  if (rubric.levels.size() <= classroom_levels_max &&
      rubric.criteria.size() <= classroom_criteria_max) {
    return;
  }
  notes.warn({}, "too_large",
             {.en = "Google Classroom takes at most 50 criteria and 10 levels.",
              .zh_tw = "Google Classroom 最多 50 個評分項目、10 個等級。"});
}

}  // namespace

std::vector<Note> export_warnings(const Rubric& rubric, FormatId format, Language language) {
  Notes notes;
  if (!is_for_grading(format)) return notes.list();
  check_kind(rubric, notes);
  check_weights(rubric, notes);
  check_empty(rubric, notes);
  if (format == FormatId::classroom_json) {
    check_classroom(rubric, notes);
    check_equal_points(rubric, notes);
  }
  if (format == FormatId::turnitin_xlsx) check_titles(rubric, language, notes);
  if (format == FormatId::moodle_json) {
    notes.warn({}, "assignment_unknown",
               {.en = "cmid and contextid are 0: put in those of the assignment before sending.",
                .zh_tw = "cmid 與 contextid 是 0，送出前請填入作業的編號。"});
  }
  return notes.list();
}

}  // namespace rubricon::formats
