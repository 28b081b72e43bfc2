/// Files of kinds that teachers have and nothing here reads.
#pragma once

#include <rubricon/formats/note.hpp>

#include <string_view>

namespace rubricon::formats {

/// Whether the bytes begin as such a file does (PDF, a picture, old Office, RTF); then an error
/// says what it is, and what can be done instead.
bool note_foreign_file(std::string_view bytes, Notes& notes);

}  // namespace rubricon::formats
