#include <rubricon/formats/classroom.hpp>

#include <rubricon/formats/json_lines.hpp>

namespace rubricon::formats {

namespace json = boost::json;

std::string write_classroom_json(const domain::Rubric& rubric, Language language) {
  json::array criteria;
  for (const auto& criterion : rubric.criteria) {
    json::array levels;
    for (std::size_t k = 0; k < criterion.cells.size(); ++k) {
      const auto& cell = criterion.cells[k];
      levels.push_back({{"title", text_in(rubric.levels[k].name, language, name_between)},
                        {"description", text_in(cell.descriptor, language, "\n")},
                        {"points", json_number(cell.points)}});
    }
    criteria.push_back({{"title", text_in(criterion.name, language, name_between)},
                        {"description", text_in(criterion.focus, language, "\n")},
                        {"levels", std::move(levels)}});
  }
  return json_lines(json::object{{"criteria", std::move(criteria)}});
}

}  // namespace rubricon::formats
