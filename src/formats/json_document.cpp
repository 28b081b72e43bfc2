#include <rubricon/formats/json_document.hpp>

#include <rubricon/formats/hidden_text.hpp>
#include <rubricon/formats/plain_text.hpp>
#include <rubricon/formats/stored.hpp>

#include <fmt/format.h>

namespace rubricon::formats {
namespace {

void clean(domain::LocalText& text, const std::string& path, HiddenReport& report) {
  for (auto* each : {&text.en, &text.zh_tw}) {
    auto seen = visible(*each);
    if (seen.hidden.empty()) continue;
    *each = std::move(seen.text);
    report.add(Hiding::invisible_characters, {.row = 0, .column = 0, .path = path}, seen.hidden);
  }
}

void clean(domain::Rubric& rubric, HiddenReport& report) {
  clean(rubric.title, "title", report);
  for (std::size_t k = 0; k < rubric.levels.size(); ++k) {
    clean(rubric.levels[k].name, fmt::format("levels[{}].name", k), report);
  }
  for (std::size_t i = 0; i < rubric.criteria.size(); ++i) {
    auto& row = rubric.criteria[i];
    const auto path = fmt::format("criteria[{}]", i);
    clean(row.name, path + ".name", report);
    clean(row.focus, path + ".focus", report);
    for (std::size_t k = 0; k < row.cells.size(); ++k) {
      clean(row.cells[k].descriptor, fmt::format("{}.cells[{}].descriptor", path, k), report);
    }
  }
}

}  // namespace

Preview read_json_document(std::string_view json, Notes notes) {
  const auto as_written = stored_json(json, notes);
  if (!as_written.rubric) return as_written;
  auto rubric = *as_written.rubric;
  HiddenReport report;
  clean(rubric, report);
  report.tell(notes);
  return stored(rubric, std::move(notes));
}

}  // namespace rubricon::formats
