#include <rubricon/net/utf8.hpp>

#include <cstddef>
#include <cstring>

namespace rubricon::net {
namespace {

/// Length of the ASCII run at the front, in whole words: text is mostly ASCII or mostly not.
std::size_t ascii_words(std::string_view bytes) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t done = 0;
  for (; bytes.size() - done >= sizeof(std::uint64_t); done += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + done, sizeof word);
    if (word & high_bits) break;
  }
  return done;
}

}  // namespace

bool Utf8Validator::feed(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (expected_ == 0) {
      i += ascii_words(bytes.substr(i));
      if (i == bytes.size()) break;
    }
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    if (expected_ > 0) {
      if (byte < lowest_ || byte > highest_) return false;
      lowest_ = 0x80;
      highest_ = 0xBF;
      --expected_;
    } else if (byte < 0x80) {
      continue;
    } else if (byte >= 0xC2 && byte <= 0xDF) {
      expected_ = 1;
    } else if (byte >= 0xE0 && byte <= 0xEF) {
      expected_ = 2;
      if (byte == 0xE0) lowest_ = 0xA0;   // shorter forms exist for what is below
      if (byte == 0xED) highest_ = 0x9F;  // surrogates
    } else if (byte >= 0xF0 && byte <= 0xF4) {
      expected_ = 3;
      if (byte == 0xF0) lowest_ = 0x90;
      if (byte == 0xF4) highest_ = 0x8F;  // U+10FFFF
    } else {
      return false;
    }
  }
  return true;
}

bool is_valid_utf8(std::string_view text) {
  Utf8Validator validator;
  return validator.feed(text) && validator.complete();
}

}  // namespace rubricon::net
