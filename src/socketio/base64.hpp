/// Base64 of RFC 4648: the standard alphabet for binary packets in polling bodies, the URL alphabet
/// for ids.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rubricon::socketio {

/// With padding.
void append_base64(std::string& out, std::string_view bytes);

/// Nothing when a character is foreign or the length impossible. Padding may be left away, as some
/// clients do; bits beyond the last byte are ignored.
std::optional<std::string> decode_base64(std::string_view text);

/// A-Z a-z 0-9 - _, without padding.
std::string encode_base64url(std::span<const std::uint8_t> bytes);

}  // namespace rubricon::socketio
