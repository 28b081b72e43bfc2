/// A rubric in our own JSON, from outside.
#pragma once

#include <rubricon/formats/preview.hpp>

#include <string_view>

namespace rubricon::formats {

/// As `stored_json`, without the signs in its texts that have no shape: of these a note says where
/// they stood.
Preview read_json_document(std::string_view json, Notes notes);

}  // namespace rubricon::formats
