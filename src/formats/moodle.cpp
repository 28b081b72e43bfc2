#include <rubricon/formats/moodle.hpp>

#include <rubricon/formats/json_lines.hpp>
#include <rubricon/formats/markup.hpp>

#include <fmt/format.h>

namespace rubricon::formats {
namespace {

namespace json = boost::json;

constexpr int status_ready = 20;
constexpr int format_plain = 2;

std::string with(std::string name, const std::string& text, const char* between) {
  if (!text.empty()) name += between + text;
  return name;
}

const char* colon(Language language) {
  return language == Language::en ? ": " : "：";
}

std::string criterion_text(const domain::Criterion& criterion, Language language) {
  return with(text_in(criterion.name, language, name_between),
              text_in(criterion.focus, language, "\n"), "\n");
}

std::string level_text(const domain::Rubric& rubric, const domain::RubricCell& cell,
                       std::size_t level, Language language) {
  return with(text_in(rubric.levels[level].name, language, name_between),
              text_in(cell.descriptor, language, "\n"), colon(language));
}

json::array criteria_json(const domain::Rubric& rubric, Language language) {
  json::array out;
  for (std::size_t i = 0; i < rubric.criteria.size(); ++i) {
    const auto& criterion = rubric.criteria[i];
    json::array levels;
    for (std::size_t k = 0; k < criterion.cells.size(); ++k) {
      const auto& cell = criterion.cells[k];
      levels.push_back({{"score", json_number(cell.points)},
                        {"definition", level_text(rubric, cell, k, language)},
                        {"definitionformat", format_plain}});
    }
    out.push_back({{"sortorder", i + 1},
                   {"description", criterion_text(criterion, language)},
                   {"descriptionformat", format_plain},
                   {"levels", std::move(levels)}});
  }
  return out;
}

}  // namespace

std::string write_moodle_json(const domain::Rubric& rubric, Language language,
                              base::Time changed_at) {
  const auto seconds = base::unix_ms(changed_at) / 1'000;
  json::object definition{
      {"method", "rubric"},
      {"name", text_in(rubric.title, language, name_between)},
      {"description", ""},
      {"descriptionformat", format_plain},
      {"status", status_ready},
      {"timecreated", seconds},
      {"usercreated", 0},
      {"timemodified", seconds},
      {"usermodified", 0},
      {"rubric", json::object{{"rubric_criteria", criteria_json(rubric, language)}}}};
  json::object area{{"cmid", 0},
                    {"contextid", 0},
                    {"component", "mod_assign"},
                    {"areaname", "submissions"},
                    {"activemethod", "rubric"},
                    {"definitions", json::array{std::move(definition)}}};
  return json_lines(json::object{{"areas", json::array{std::move(area)}}});
}

std::string write_moodle_xml(const domain::Rubric& rubric, Language language) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<criteria>\n";
  std::size_t level_id = 0;
  for (std::size_t i = 0; i < rubric.criteria.size(); ++i) {
    const auto& criterion = rubric.criteria[i];
    out += fmt::format(
        "  <criterion id=\"{0}\">\n    <sortorder>{0}</sortorder>\n"
        "    <description>{1}</description>\n    <descriptionformat>{2}</descriptionformat>\n"
        "    <levels>\n",
        i + 1, escape_markup(criterion_text(criterion, language)), format_plain);
    for (std::size_t k = 0; k < criterion.cells.size(); ++k) {
      const auto& cell = criterion.cells[k];
      out += fmt::format(
          "      <level id=\"{}\">\n        <score>{}</score>\n"
          "        <definition>{}</definition>\n"
          "        <definitionformat>{}</definitionformat>\n      </level>\n",
          ++level_id, to_string(cell.points), escape_markup(level_text(rubric, cell, k, language)),
          format_plain);
    }
    out += "    </levels>\n  </criterion>\n";
  }
  return out + "</criteria>\n";
}

}  // namespace rubricon::formats
