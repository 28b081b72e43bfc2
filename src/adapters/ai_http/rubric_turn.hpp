/// What a model made of a rubric, checked and turned into a document of ours.
#pragma once

#include <rubricon/ai_http/model_rubric.hpp>

#include <functional>
#include <optional>

namespace rubricon::ai_http {

/// A new identifier: letters, digits, - and _.
using IdSource = std::function<std::string()>;

struct RubricTurn {
  domain::Rubric rubric;
  bool kept = false;  ///< the model wanted to change what is locked, or left out a person's words
};

/// Pure. The model's rubric laid over `current`:
/// - ids of what is known are kept, everything else gets a new one; grade, type and total stay;
/// - locked criteria and cells stay as they are; these and cells that a person wrote stay where the
///   model left them or their level out (who stores it asks before a person's words are changed);
/// - a text that is as it was shown keeps its other language; a new one is in the document's;
/// - weights sum to 100, locked ones untouched; points are computed.
/// Invalid, with a sentence for the model, where the document breaks a rule: no half of a document
/// is ever taken.
base::Result<RubricTurn> apply_model_rubric(const std::optional<domain::Rubric>& current,
                                            const ModelRubric& written, domain::Locale locale,
                                            const IdSource& new_id);

}  // namespace rubricon::ai_http
