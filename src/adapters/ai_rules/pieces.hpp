/// An answer cut into the pieces in which it is shown being written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

/// Pieces of about 10 to 30 characters, ending after punctuation or a space where there is one;
/// whole code points; together they are `text`.
std::vector<std::string_view> pieces_of(std::string_view text);

}  // namespace rubricon::ai_rules
