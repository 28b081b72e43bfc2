#include <rubricon/formats/turnitin.hpp>

#include <rubricon/formats/grid.hpp>
#include <rubricon/formats/plain_text.hpp>
#include <rubricon/formats/xlsx.hpp>

namespace rubricon::formats {

std::string turnitin_title(std::string_view name) {
  std::string out;
  std::size_t units = 0;
  while (!name.empty()) {
    const auto code_point = next_code_point(name);
    units += code_point > 0xffff ? 2u : 1u;
    if (units > turnitin_title_characters_max) break;
    append_code_point(out, code_point);
  }
  return std::string(trimmed(out));
}

std::string write_turnitin_xlsx(const domain::Rubric& rubric, Language language) {
  Grid grid;
  grid.rows.push_back({1, {{}}});
  for (const auto& level : rubric.levels) {
    grid.rows.back().cells.push_back(
        {.text = turnitin_title(text_in(level.name, language, name_between))});
  }
  for (const auto& criterion : rubric.criteria) {
    const auto name = text_in(criterion.name, language, name_between);
    auto text = turnitin_title(name);
    auto description = text_in(criterion.focus, language, "\n");
    if (text != name) description = name + (description.empty() ? "" : "\n" + description);
    if (!description.empty()) text += "\n" + description;
    grid.rows.push_back({grid.rows.size() + 1, {{.text = std::move(text)}}});
    for (const auto& cell : criterion.cells) {
      grid.rows.back().cells.push_back({.text = text_in(cell.descriptor, language, "\n")});
    }
  }
  return write_plain_xlsx(grid);
}

}  // namespace rubricon::formats
