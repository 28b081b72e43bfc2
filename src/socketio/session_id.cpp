#include <rubricon/socketio/session_id.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/socketio/base64.hpp>

namespace rubricon::socketio {

bool is_valid_sid_prefix(std::string_view prefix) {
  if (prefix.empty()) return true;
  if (prefix.size() != 2) return false;
  for (const char c : prefix) {
    const char lower = static_cast<char>(c | 0x20);
    const bool letter = lower >= 'a' && lower <= 'z';
    if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') return false;
  }
  return true;
}

std::string make_id(const IdBytes& random, std::string_view prefix) {
  RUBRICON_ASSERT(is_valid_sid_prefix(prefix));
  auto id = encode_base64url(random);
  id.replace(0, prefix.size(), prefix);
  return id;
}

}  // namespace rubricon::socketio
