/// What an endpoint says, without the key that it may repeat to us.
#pragma once

#include <string>
#include <string_view>

namespace rubricon::ai_http {

/// `text` with "…" for each `key` in it, plain or as JSON may spell it (`\/`, `\u002f`, and so on
/// inside of JSON in JSON). Without a key the text as it is. Linear in the text but for a factor
/// of the key's length.
std::string without_key(std::string_view text, std::string_view key);

}  // namespace rubricon::ai_http
