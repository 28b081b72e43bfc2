/// The bytes of a text file as UTF-8.
#pragma once

#include <rubricon/formats/note.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::formats {

/// UTF-8 with or without byte order mark, and UTF-16 with one, as Excel saves "Unicode text".
/// Nothing: the notes say why (big5, not_utf8, not_text), and what to do.
std::optional<std::string> read_text(std::string_view bytes, Notes& notes);

}  // namespace rubricon::formats
