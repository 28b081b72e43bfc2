#include <rubricon/formats/plain_text.hpp>

#include <algorithm>
#include <array>

namespace rubricon::formats {
namespace {

constexpr std::array<std::string_view, 8> spaces = {
    " ", "\t", "\n", "\r", "\xc2\xa0", "\xe3\x80\x80", "\v", "\xef\xbb\xbf"};

struct Range {
  char32_t first;
  char32_t last;
};
constexpr std::array<Range, 21> invisible = {
    {{0x00, 0x08},      {0x0b, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x34f, 0x34f},
     {0x61c, 0x61c},    {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},   {0x200b, 0x200f},
     {0x202a, 0x202e},  {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0d},   {0xfeff, 0xfeff},
     {0xffa0, 0xffa0},  {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
     {0xe0000, 0xe0fff}}};

constexpr char32_t joiner = 0x200d;

}  // namespace

bool is_invisible(char32_t code_point) {
  return std::ranges::any_of(invisible, [code_point](const Range& range) {
    return code_point >= range.first && code_point <= range.last;
  });
}

char32_t next_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t length = 1;
  char32_t code_point = first;
  if (first >= 0xf0) {
    length = 4;
    code_point = first & 0x07u;
  } else if (first >= 0xe0) {
    length = 3;
    code_point = first & 0x0fu;
  } else if (first >= 0xc0) {
    length = 2;
    code_point = first & 0x1fu;
  }
  length = std::min(length, text.size());
  for (std::size_t i = 1; i < length; ++i) {
    code_point = code_point << 6 | (static_cast<unsigned char>(text[i]) & 0x3fu);
  }
  text.remove_prefix(length);
  return code_point;
}

void append_code_point(std::string& to, char32_t c) {
  const auto byte = [&to](char32_t value) { to += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xc0 | c >> 6);
    byte(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    byte(0xe0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3f));
    byte(0x80 | (c & 0x3f));
  } else {
    byte(0xf0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3f));
    byte(0x80 | (c >> 6 & 0x3f));
    byte(0x80 | (c & 0x3f));
  }
}

std::string_view trimmed(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const auto space : spaces) {
      while (text.starts_with(space)) text.remove_prefix(space.size()), again = true;
      while (text.ends_with(space)) text.remove_suffix(space.size()), again = true;
    }
  }
  return text;
}

bool has_chinese(std::string_view text) {
  while (!text.empty()) {
    const auto c = next_code_point(text);
    if ((c >= 0x3105 && c <= 0x312f) || (c >= 0x3400 && c <= 0x9fff) ||
        (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff)) {
      return true;
    }
  }
  return false;
}

VisibleText visible(std::string_view text) {
  VisibleText out;
  char32_t before = ' ';
  while (!text.empty()) {
    auto c = next_code_point(text);
    if (c == '\r') {
      if (text.starts_with('\n')) continue;
      c = '\n';
    }
    const bool joins = c == joiner && before > 0x7f && !text.empty();
    if (is_invisible(c) && !joins) {
      if (c != 0xfeff) append_code_point(out.hidden, c);
      continue;
    }
    append_code_point(out.text, c);
    before = c;
  }
  out.text = trimmed(out.text);
  return out;
}

std::string one_line(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : trimmed(text)) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      space = true;
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += c;
  }
  return out;
}

std::string folded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto c = next_code_point(text);
    if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
    if (c == 0x3000) c = ' ';
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    append_code_point(out, c);
  }
  return out;
}

}  // namespace rubricon::formats
