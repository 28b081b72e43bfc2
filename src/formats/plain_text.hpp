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

struct VisibleText {
  std::string text;
  bool changed = false;  ///< something was there that nobody sees
};

/// Trimmed, line ends as '\n', without what no reader sees: control, zero-width, bidirectional
/// and tag characters. A joiner between two visible characters stays: emoji are made with it.
VisibleText visible(std::string_view text);

/// On one line: each run of white space is one space.
std::string one_line(std::string_view text);

/// ASCII letters in lower case; full-width letters, digits and signs as their ASCII ones.
std::string folded(std::string_view text);

}  // namespace rubricon::formats
