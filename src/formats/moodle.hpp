/// Moodle's advanced grading: arguments for its web service, and the fragment of a backup.
///
/// A level of Moodle has no name, so that its definition is "name: descriptor", and a criterion has
/// one text. Whether the lowest levels count as 0 % is decided by `lockzeropoints`; ours end in 0.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/formats/language.hpp>

#include <string>

namespace rubricon::formats {

/// Arguments of core_grading_save_definitions, status ready (20). `cmid` and `contextid` are 0:
/// which assignment it is for, only the caller knows. Times are `changed_at`, users 0.
std::string write_moodle_json(const domain::Rubric& rubric, Language language,
                              base::Time changed_at);

/// <criteria> as gradingform_rubric keeps them in a backup.
std::string write_moodle_xml(const domain::Rubric& rubric, Language language);

}  // namespace rubricon::formats
