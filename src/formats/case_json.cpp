#include <rubricon/formats/case_json.hpp>

#include <rubricon/formats/json_lines.hpp>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace rubricon::formats {
namespace {

namespace json = boost::json;

/// CASE wants whole seconds.
std::string whole_seconds(base::Time time) {
  auto text = base::format_time(time);
  return text.substr(0, text.find('.')) + "Z";
}

class CaseWriter {
 public:
  CaseWriter(const domain::Rubric& rubric, Language language, base::Time changed_at)
      : rubric_(rubric),
        language_(language),
        changed_at_(whole_seconds(changed_at)),
        document_(domain::to_json(rubric)) {}

  json::object run() {
    auto out = part("rubric");
    rubric_id_ = out.at("identifier").as_string();
    out["title"] = text_in(rubric_.title, language_, name_between);
    json::array criteria;
    for (std::size_t i = 0; i < rubric_.criteria.size(); ++i) criteria.push_back(criterion(i));
    out["CFRubricCriteria"] = std::move(criteria);
    return out;
  }

 private:
  json::object part(const std::string& path) const {
    const boost::uuids::name_generator_sha1 generate(boost::uuids::ns::oid());
    const auto id = to_string(generate(document_ + path));
    return {{"identifier", id}, {"uri", "urn:uuid:" + id}, {"lastChangeDateTime", changed_at_}};
  }

  json::object criterion(std::size_t i) const {
    const auto& from = rubric_.criteria[i];
    auto out = part("criterion " + std::to_string(i));
    out["category"] = text_in(from.name, language_, name_between);
    const auto focus = text_in(from.focus, language_, "\n");
    out["description"] = focus.empty() ? text_in(from.name, language_, name_between) : focus;
    out["weight"] = json_number(from.weight);
    out["position"] = i + 1;
    out["rubricId"] = rubric_id_;
    json::array levels;
    for (std::size_t k = 0; k < from.cells.size(); ++k) {
      auto level = part("level " + std::to_string(i) + " " + std::to_string(k));
      level["description"] = text_in(from.cells[k].descriptor, language_, "\n");
      level["quality"] = text_in(rubric_.levels[k].name, language_, name_between);
      level["score"] = json_number(from.cells[k].points);
      level["feedback"] = "";
      level["position"] = k + 1;
      level["rubricCriterionId"] = out.at("identifier");
      levels.push_back(std::move(level));
    }
    out["CFRubricCriterionLevels"] = std::move(levels);
    return out;
  }

  const domain::Rubric& rubric_;
  Language language_;
  std::string changed_at_;
  std::string document_;
  std::string rubric_id_;
};

}  // namespace

std::string write_case_json(const domain::Rubric& rubric, Language language,
                            base::Time changed_at) {
  return json_lines(CaseWriter(rubric, language, changed_at).run());
}

}  // namespace rubricon::formats
