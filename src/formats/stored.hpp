/// The last step of every import: a document that the store would take.
#pragma once

#include <rubricon/formats/preview.hpp>

namespace rubricon::formats {

/// The document as `domain::parse_rubric` reads it; its refusals become errors with their paths.
Preview stored(const domain::Rubric& rubric, Notes notes);

/// The same of a document in JSON.
Preview stored_json(std::string_view json, Notes notes);

}  // namespace rubricon::formats
