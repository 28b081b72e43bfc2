/// Checks UTF-8 as it arrives, so that a bad message ends at its first bad byte.
#pragma once

#include <cstdint>
#include <string_view>

namespace rubricon::net {

class Utf8Validator {
 public:
  /// False as soon as the bytes so far cannot be the beginning of valid UTF-8 (RFC 3629: no
  /// overlong forms, no surrogates, nothing above U+10FFFF). May be called with any split.
  bool feed(std::string_view bytes);
  /// Whether what was fed ends at a character's border.
  bool complete() const { return expected_ == 0; }
  void reset() { *this = Utf8Validator(); }

 private:
  std::uint8_t expected_ = 0;   ///< continuation bytes still to come
  std::uint8_t lowest_ = 0x80;  ///< bounds of the next continuation byte
  std::uint8_t highest_ = 0xBF;
};

bool is_valid_utf8(std::string_view text);

}  // namespace rubricon::net
