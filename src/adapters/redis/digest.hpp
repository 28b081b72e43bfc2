/// Hashes in hexadecimal: of scripts, as Redis names them, and of what is too long for a key.
#pragma once

#include <string>
#include <string_view>

namespace rubricon::redis {

/// What EVALSHA wants; proves nothing about anybody.
std::string sha1_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

}  // namespace rubricon::redis
