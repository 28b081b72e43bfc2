/// Small questions about UTF-8 text from files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::formats {

/// Takes the first code point off `text`, which is well-formed and not empty.
char32_t next_code_point(std::string_view& text);
void append_code_point(std::string& to, char32_t code_point);

/// Without white space at both ends: ASCII's, U+00A0, U+3000 and U+FEFF.
std::string_view trimmed(std::string_view text);

/// At least one ideograph or bopomofo letter.
bool has_chinese(std::string_view text);

/// A sign without a shape: control, zero-width, bidirectional, tag and filler characters, and
/// variation selectors other than those that choose between emoji and text.
bool is_invisible(char32_t code_point);

struct VisibleText {
  std::string text;
  std::string hidden;  ///< what was there and nobody sees
};

/// Trimmed, line ends as '\n', without what is invisible. A joiner between two visible characters
/// stays: emoji are made with it.
VisibleText visible(std::string_view text);

/// On one line: each run of white space is one space.
std::string one_line(std::string_view text);

/// ASCII letters in lower case; full-width letters, digits and signs as their ASCII ones.
std::string folded(std::string_view text);

}  // namespace rubricon::formats
