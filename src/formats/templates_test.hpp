/// Documents for tests: the 18 templates of the library as teachers get them.
#pragma once

#include <rubricon/domain/rubric.hpp>
#include <rubricon/formats/language.hpp>

#include <string>
#include <vector>

namespace rubricon::formats {

/// All of rubric/rubric_knowledge.json, with four levels, 100 points and both languages.
const std::vector<domain::Rubric>& templates();

/// One of them: the argumentative essay.
const domain::Rubric& essay();

/// The document as a file in that language holds it: texts of the other one, ids, origins, kind and
/// audience are gone.
domain::Rubric as_read(const domain::Rubric& rubric, Language language);

/// Two criteria, three levels, zh-TW; short enough to read in a test.
domain::Rubric small_rubric();

std::string read_file(const std::string& path_in_source);

}  // namespace rubricon::formats
