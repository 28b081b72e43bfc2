/// Text without what nobody sees: characters in which instructions or forgeries can hide.
#pragma once

#include <string>
#include <string_view>

namespace rubricon::ai_http {

/// `text` (UTF-8) without control characters other than line feed and tab, and without zero-width,
/// bidirectional, tag and filler characters, and variation selectors other than those that choose
/// between emoji and text. Whatever pieces it is cut into between code points, the result is the
/// same.
std::string without_invisible(std::string_view text);

/// What of a model's words is shown: `without_invisible`, but for the joiner that emoji are made
/// with.
std::string showable(std::string_view text);

/// `without_invisible`, on one line where `lines` says so, and trimmed.
enum class Lines { one, several };
std::string tidied(std::string_view text, Lines lines);

/// Has a Chinese character.
bool has_han(std::string_view text);

}  // namespace rubricon::ai_http
