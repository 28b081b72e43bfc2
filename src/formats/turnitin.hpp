/// The workbook that Turnitin Feedback Studio imports: scales in the first row, criteria in the
/// first column, a title of at most 13 characters with its description under it, and no numbers.
#pragma once

#include <rubricon/formats/language.hpp>

#include <string>

namespace rubricon::formats {

inline constexpr std::size_t turnitin_title_characters_max = 13;

std::string write_turnitin_xlsx(const domain::Rubric& rubric, Language language);

/// At most 13 characters of a name, on whole code points.
std::string turnitin_title(std::string_view name);

}  // namespace rubricon::formats
