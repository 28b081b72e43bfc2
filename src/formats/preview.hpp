/// What an import made of a file.
#pragma once

#include <rubricon/formats/note.hpp>

#include <optional>
#include <vector>

namespace rubricon::formats {

/// Without a rubric the notes have at least one error. With one, they are warnings, and the
/// document is one that `domain::parse_rubric` accepts.
struct Preview {
  std::optional<domain::Rubric> rubric;
  std::vector<Note> notes;
};

}  // namespace rubricon::formats
