#include <rubricon/ai_http/json_reply.hpp>

#include <rubricon/domain/text.hpp>

#include <utility>

namespace rubricon::ai_http {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view reply_key = "reply";

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::size_t sequence_length(unsigned char lead) {
  if (lead >= 0xF0) return 4;
  return lead >= 0xE0 ? 3 : 2;
}

void append_utf8(std::uint32_t code_point, std::string& out) {
  const auto tail = [&](int shift) {
    out += static_cast<char>(0x80 | (code_point >> shift & 0x3F));
  };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | code_point >> 6);
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0 | code_point >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | code_point >> 18);
    tail(12), tail(6), tail(0);
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// What a backslash and `c` stand for; `c` itself where they stand for nothing.
char unescaped(char c) {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'b': return '\b';
    case 'f': return '\f';
    default: return c;
  }
}

}  // namespace

bool JsonStringDecoder::take(char c, std::string& out) {
  if (state_ == State::escape) {
    take_escape(c, out);
  } else if (state_ == State::hex) {
    take_hex(c, out);
  } else if (c == '\\') {
    state_ = State::escape;
  } else if (c == '"') {
    drop_halves(out);
    return false;
  } else {
    put_byte(c, out);
  }
  return true;
}

void JsonStringDecoder::take_escape(char c, std::string& out) {
  if (c == 'u') {
    state_ = State::hex;
    hex_ = 0;
    hex_digits_ = 0;
    return;
  }
  state_ = State::text;
  put_byte(unescaped(c), out);
}

void JsonStringDecoder::take_hex(char c, std::string& out) {
  const int digit = hex_value(c);
  if (digit < 0) {
    state_ = State::text;
    drop_halves(out);
    out += replacement;
    return;
  }
  hex_ = hex_ << 4 | static_cast<std::uint32_t>(digit);
  if (++hex_digits_ < 4) return;
  state_ = State::text;
  put(hex_, out);
}

void JsonStringDecoder::put(std::uint32_t code_point, std::string& out) {
  const bool low = code_point >= 0xDC00 && code_point < 0xE000;
  if (low && high_surrogate_ != 0 && sequence_.empty()) {
    const auto high = std::exchange(high_surrogate_, 0);
    append_utf8(0x10000 + ((high - 0xD800) << 10) + (code_point - 0xDC00), out);
    return;
  }
  drop_halves(out);
  if (code_point >= 0xD800 && code_point < 0xDC00) {
    high_surrogate_ = code_point;
  } else if (low) {
    out += replacement;
  } else {
    append_utf8(code_point, out);
  }
}

void JsonStringDecoder::put_byte(char c, std::string& out) {
  const auto byte = static_cast<unsigned char>(c);
  const bool continues = byte >= 0x80 && byte < 0xC0;
  if (!continues || sequence_.empty()) drop_halves(out);
  if (byte < 0x80) {
    out += c;
    return;
  }
  sequence_ += c;
  if (sequence_.size() < sequence_length(static_cast<unsigned char>(sequence_.front()))) return;
  const auto whole = std::exchange(sequence_, {});
  out += domain::is_utf8(whole) ? std::string_view(whole) : replacement;
}

void JsonStringDecoder::drop_halves(std::string& out) {
  if (std::exchange(high_surrogate_, 0) != 0) out += replacement;
  if (!std::exchange(sequence_, {}).empty()) out += replacement;
}

std::string JsonReplyReader::feed(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (complete_ || not_an_object()) break;
    take(c, out);
  }
  return out;
}

void JsonReplyReader::take(char c, std::string& out) {
  switch (place_) {
    case Place::before:
      if (!is_space(c)) place_ = c == '{' ? Place::key_wanted : Place::broken;
      return;
    case Place::key_wanted:
      if (c == '"') place_ = Place::key;
      return;
    case Place::key: return take_key(c);
    case Place::colon:
      if (c == ':') place_ = Place::value;
      return;
    case Place::value:
      if (!is_space(c)) begin_value(c);
      return;
    case Place::reply: complete_ = !string_.take(c, out); return;
    case Place::skipped:
    case Place::skipped_string: return take_skipped(c);
    case Place::broken: return;
  }
}

void JsonReplyReader::take_key(char c) {
  constexpr std::size_t key_bytes_kept = 64;
  std::string piece;
  if (!string_.take(c, piece)) place_ = Place::colon;
  if (key_.size() < key_bytes_kept) key_ += piece;
}

void JsonReplyReader::begin_value(char c) {
  const bool ours = std::exchange(key_, {}) == reply_key;
  string_ = {};
  depth_ = 0;
  if (c == '"') {
    place_ = ours ? Place::reply : Place::skipped_string;
  } else {
    place_ = Place::skipped;
    take_skipped(c);
  }
}

void JsonReplyReader::take_skipped(char c) {
  if (place_ == Place::skipped_string) {
    std::string ignored;
    if (!string_.take(c, ignored)) place_ = Place::skipped;
  } else if (c == '"') {
    place_ = Place::skipped_string;
    string_ = {};
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if ((c == '}' || c == ']') && depth_ > 0) {
    --depth_;
  } else if (c == ',' && depth_ == 0) {
    place_ = Place::key_wanted;
    string_ = {};
  }
}

}  // namespace rubricon::ai_http
