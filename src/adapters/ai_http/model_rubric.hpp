/// A rubric as models read and write it: `rubric_turn` of `rubric/llm_schemas.json`. One string a
/// text, levels inside each criterion, no points.
#pragma once

#include <rubricon/domain/rubric.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_http {

struct ModelLevel {
  std::string id;
  std::string name;
  std::string descriptor;

  bool operator==(const ModelLevel&) const = default;
};

struct ModelCriterion {
  std::string id;
  std::string name;
  std::string focus;
  double weight = 0;
  std::vector<ModelLevel> levels;

  bool operator==(const ModelCriterion&) const = default;
};

struct ModelRubric {
  std::string title;
  domain::RubricLanguage language = domain::RubricLanguage::zh_tw;
  domain::RubricKind kind = domain::RubricKind::analytic;
  std::vector<ModelCriterion> criteria;

  bool operator==(const ModelRubric&) const = default;
};

/// Reads what a model wrote: the rubric, or an object that has it as its member "rubric". Texts
/// come tidied; members that nobody asked for are read over. Invalid, with a sentence that names
/// the place and repeats nothing of the text, where it is not JSON, lacks something, breaks a limit
/// of rubric.hpp, or where the criteria do not have the same number of levels.
base::Result<ModelRubric> parse_model_rubric(std::string_view json);

/// The text that a model is shown of `text`, in a document of that language.
const std::string& shown(const domain::LocalText& text, domain::RubricLanguage language,
                         domain::Locale locale);

/// The document for a model. What is the teacher's is marked: `"locked": true` on a criterion or a
/// level, `"typed": true` on a level with a person's own words.
boost::json::object to_model(const domain::Rubric& rubric, domain::Locale locale);

/// Locked, or a person's own words: stays where a model leaves it out.
bool is_theirs(const domain::RubricCell& cell);

}  // namespace rubricon::ai_http
