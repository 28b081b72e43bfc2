/// Where the material of a question tells the AI what its teacher did not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::worker {

/// The words, in lower case and at most 80 characters, with which a text of the context or of the
/// rubric (both JSON) addresses an AI instead of a reader: in English or Chinese, also through
/// zero-width and tag characters and in base64. A rule of thumb, for a teacher to look at: it knows
/// common phrases and misses others; nothing rests on it. Nothing: none was found, or no JSON.
std::optional<std::string> instruction_in(std::string_view context,
                                          const std::optional<std::string>& rubric);

}  // namespace rubricon::worker
