#include <rubricon/domain/text.hpp>

#include <algorithm>
#include <cstdint>

namespace rubricon::domain {
namespace {

using base::ErrorCode;
using base::fail;

/// Length of the sequence at the front of `s`, or 0 if it is malformed (RFC 3629 §4).
std::size_t sequence_length(std::string_view s) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const auto tail = [&](std::size_t i) { return i < s.size() && (at(i) & 0xc0) == 0x80; };
  const std::uint8_t first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!tail(1) || !tail(2)) return 0;
    if (first == 0xe0 && at(1) < 0xa0) return 0;
    if (first == 0xed && at(1) > 0x9f) return 0;
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (first == 0xf0 && at(1) < 0x90) return 0;
    if (first == 0xf4 && at(1) > 0x8f) return 0;
    return 4;
  }
  return 0;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0) != 0x80; }));
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto u = static_cast<std::uint8_t>(c);
    return u < 0x20 || u == 0x7f;
  });
}

/// Without ASCII and ideographic (U+3000) space at both ends.
std::string_view trim(std::string_view text) {
  constexpr std::string_view wide = "\u3000";
  for (bool again = true; again;) {
    again = false;
    while (!text.empty() && std::string_view(" \t\r\n").contains(text.front()))
      text.remove_prefix(1);
    while (!text.empty() && std::string_view(" \t\r\n").contains(text.back()))
      text.remove_suffix(1);
    if (text.starts_with(wide)) text.remove_prefix(wide.size()), again = true;
    if (text.ends_with(wide)) text.remove_suffix(wide.size()), again = true;
  }
  return text;
}

std::unexpected<base::Error> invalid(std::string field, std::string code, std::string message) {
  return fail(ErrorCode::invalid, message, code, {{std::move(field), code, message}});
}

/// One line of at most `max` characters, trimmed.
base::Result<std::string> parse_line(std::string_view text, std::size_t max, const char* field) {
  if (!is_utf8(text)) return invalid(field, "invalid_utf8", "must be UTF-8");
  const auto line = trim(text);
  if (has_control(line)) return invalid(field, "control_character", "must be one line of text");
  if (characters(line) > max) {
    return invalid(field, "too_long", "must have at most " + std::to_string(max) + " characters");
  }
  return std::string(line);
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto length = sequence_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto u = static_cast<std::uint8_t>(c);
    if ((u & 0xc0) != 0x80) units += u >= 0xf0 ? 2 : 1;
  }
  return units;
}

base::Result<MessageText> MessageText::parse(std::string_view text) {
  if (text.size() > bytes_max) {
    return fail(ErrorCode::too_large, "content has more than 32768 bytes", "content_too_long",
                {{"content", "too_long", "must have at most 32768 bytes"}});
  }
  if (!is_utf8(text)) return invalid("content", "invalid_utf8", "must be UTF-8");
  if (text.contains('\0')) return invalid("content", "nul", "must not contain NUL");
  if (trim(text).empty()) return invalid("content", "empty", "must not be empty");
  return MessageText(std::string(text));
}

base::Result<ChatTitle> ChatTitle::parse(std::string_view text) {
  auto line = parse_line(text, characters_max, "title");
  if (!line) return std::unexpected(line.error());
  return ChatTitle(std::move(*line));
}

base::Result<DisplayName> DisplayName::parse(std::string_view text) {
  auto line = parse_line(text, characters_max, "name");
  if (!line) return std::unexpected(line.error());
  if (line->empty()) return invalid("name", "empty", "must not be empty");
  return DisplayName(std::move(*line));
}

base::Result<Email> Email::parse(std::string_view text) {
  const auto bad = [] { return invalid("email", "invalid_email", "must be an e-mail address"); };
  const auto trimmed = trim(text);
  if (trimmed.size() < 3 || trimmed.size() > 254) return bad();
  const auto at = trimmed.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return bad();
  const auto host = trimmed.substr(at + 1);
  const auto label_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  if (host.empty() || host.front() == '.' || host.back() == '.' || host.contains(".."))
    return bad();
  if (!std::ranges::all_of(host, label_character)) return bad();
  for (const char c : trimmed.substr(0, at)) {
    if (static_cast<std::uint8_t>(c) <= 0x20 || static_cast<std::uint8_t>(c) >= 0x7f || c == '@') {
      return bad();
    }
  }
  std::string value(trimmed);
  for (char& c : value) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return Email(std::move(value));
}

base::Result<Password> Password::parse(std::string_view text) {
  if (!is_utf8(text) || text.contains('\0')) {
    return invalid("password", "invalid_utf8", "must be text");
  }
  if (text.size() < bytes_min)
    return invalid("password", "too_short", "must have at least 8 bytes");
  if (text.size() > bytes_max)
    return invalid("password", "too_long", "must have at most 256 bytes");
  return Password(std::string(text));
}

base::Result<IdempotencyKey> IdempotencyKey::parse(std::string_view text) {
  const bool visible = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
  if (text.empty() || text.size() > bytes_max || !visible) {
    return invalid("clientId", "invalid_key", "must be 1 to 64 visible ASCII characters");
  }
  return IdempotencyKey(std::string(text));
}

}  // namespace rubricon::domain
