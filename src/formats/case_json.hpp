/// 1EdTech CASE 1.x: a CFRubric, the neutral way to hand a rubric with its weights to others.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/formats/language.hpp>

#include <string>

namespace rubricon::formats {

/// Identifiers follow from the contents (UUID version 5): an equal rubric has equal ones.
std::string write_case_json(const domain::Rubric& rubric, Language language, base::Time changed_at);

}  // namespace rubricon::formats
