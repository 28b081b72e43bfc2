/// A Word document (Office Open XML): the title and the table on A4 across.
#pragma once

#include <rubricon/formats/language.hpp>

#include <string>

namespace rubricon::formats {

/// The heading row is repeated on each page, and no row is torn apart. Chinese has its own font
/// and language, so that Word neither guesses nor underlines.
std::string write_docx(const domain::Rubric& rubric, Language language);

}  // namespace rubricon::formats
