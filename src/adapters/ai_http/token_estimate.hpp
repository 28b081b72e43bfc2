/// How many tokens a model will count, guessed from above: tokenizers differ, and a prompt that is
/// a little short costs less than one that is refused.
#pragma once

#include <cstddef>
#include <string_view>

namespace rubricon::ai_http {

/// A third of a token an ASCII byte, one for a letter of two bytes, five thirds for one of three
/// (Chinese), three for one of four (emoji). `text` is UTF-8.
std::size_t estimated_tokens(std::string_view text);

}  // namespace rubricon::ai_http
