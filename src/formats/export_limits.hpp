/// What a program that a rubric is meant for will refuse, cut or not understand.
#pragma once

#include <rubricon/formats/format.hpp>
#include <rubricon/formats/language.hpp>
#include <rubricon/formats/note.hpp>

#include <vector>

namespace rubricon::formats {

/// Warnings with the place as criterion (row) and level (column), from 1. Codes: kind_not_kept,
/// weights_not_100, empty_descriptor, title_cut, points_equal, too_large, assignment_unknown.
std::vector<Note> export_warnings(const domain::Rubric& rubric, FormatId format, Language language);

}  // namespace rubricon::formats
