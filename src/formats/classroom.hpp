/// Google Classroom: the body of courses.courseWork.rubrics.create.
#pragma once

#include <rubricon/formats/language.hpp>

#include <string>

namespace rubricon::formats {

inline constexpr std::size_t classroom_levels_max = 10;
inline constexpr std::size_t classroom_criteria_max = 50;

std::string write_classroom_json(const domain::Rubric& rubric, Language language);

}  // namespace rubricon::formats
