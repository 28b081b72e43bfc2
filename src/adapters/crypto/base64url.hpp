/// Base64 with the URL alphabet and without padding (RFC 4648 §5), as JWTs and cookies want it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rubricon::crypto {

std::string base64url_encode(std::span<const std::uint8_t> bytes);
std::string base64url_encode(std::string_view bytes);

/// Accepts exactly what `base64url_encode` writes: no padding, no white space, no stray bits, so
/// that one value has one spelling.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace rubricon::crypto
