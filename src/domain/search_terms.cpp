#include <rubricon/domain/search_terms.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace rubricon::domain {
namespace {

/// Longer words are cut here; both sides cut alike.
constexpr std::size_t word_bytes_max = 64;

enum class Script { none, spaced, unspaced };

struct Range {
  char32_t first;
  char32_t last;
};

/// Scripts written without spaces: kana, bopomofo, Han, Hangul, and their extensions.
constexpr std::array unspaced_ranges = {
    Range{0x3005, 0x3007},   Range{0x3021, 0x3029},   Range{0x3041, 0x30ff}, Range{0x3105, 0x312f},
    Range{0x3131, 0x318e},   Range{0x31a0, 0x31bf},   Range{0x31f0, 0x31ff}, Range{0x3400, 0x4dbf},
    Range{0x4e00, 0x9fff},   Range{0xac00, 0xd7a3},   Range{0xf900, 0xfaff}, Range{0xff66, 0xff9f},
    Range{0x1b000, 0x1b16f}, Range{0x20000, 0x3ffff},
};

/// Spaces, punctuation, symbols and pictures outside ASCII.
constexpr std::array separator_ranges = {
    Range{0x80, 0xa9},     Range{0xab, 0xb4},       Range{0xb6, 0xb9},        Range{0xbb, 0xbf},
    Range{0xd7, 0xd7},     Range{0xf7, 0xf7},       Range{0x1680, 0x1680},    Range{0x2000, 0x2bff},
    Range{0x2e00, 0x2e7f}, Range{0x3000, 0x3004},   Range{0x3008, 0x3020},    Range{0x302a, 0x3040},
    Range{0xd800, 0xf8ff}, Range{0xfe00, 0xfe6f},   Range{0xfeff, 0xfeff},    Range{0xff00, 0xff65},
    Range{0xffa0, 0xffff}, Range{0x1f000, 0x1faff}, Range{0xe0000, 0x10ffff},
};

bool within(const auto& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](Range r) { return c >= r.first && c <= r.last; });
}

Script script_of(char32_t c) {
  if (c < 0x80) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return word ? Script::spaced : Script::none;
  }
  if (within(unspaced_ranges, c)) return Script::unspaced;
  return within(separator_ranges, c) ? Script::none : Script::spaced;
}

/// Full-width ASCII to ASCII, and lower case for ASCII, Latin-1, Greek and Cyrillic.
char32_t fold(char32_t c) {
  if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
  if (c >= 'A' && c <= 'Z') return c + 0x20;
  if (c >= 0xc0 && c <= 0xde && c != 0xd7) return c + 0x20;
  if (c >= 0x391 && c <= 0x3a9 && c != 0x3a2) return c + 0x20;
  if (c >= 0x410 && c <= 0x42f) return c + 0x20;
  if (c >= 0x400 && c <= 0x40f) return c + 0x50;
  return c;
}

/// Takes one code point off the front of well-formed UTF-8.
char32_t take(std::string_view& text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  char32_t c = length == 1 ? first : first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length && i < text.size(); ++i) {
    c = c << 6 | (static_cast<std::uint8_t>(text[i]) & 0x3fu);
  }
  text.remove_prefix(std::min(length, text.size()));
  return c;
}

void append(std::string& out, char32_t c) {
  const auto tail = [&out](char32_t bits) { out += static_cast<char>(0x80 | (bits & 0x3f)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    tail(c);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    tail(c >> 6);
    tail(c);
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    tail(c >> 12);
    tail(c >> 6);
    tail(c);
  }
}

/// A stretch of one script.
struct Run {
  Script script = Script::none;
  std::vector<std::string> characters;
};

/// The next run of `text`, taken off its front; none at the end.
Run take_run(std::string_view& text) {
  Run run;
  while (!text.empty()) {
    std::string_view rest = text;
    const char32_t c = fold(take(rest));
    const Script script = script_of(c);
    if (run.script != Script::none && script != run.script) break;
    text = rest;
    if (script == Script::none) continue;
    run.script = script;
    append(run.characters.emplace_back(), c);
  }
  return run;
}

std::string word_of(const Run& run) {
  std::string word;
  for (const auto& character : run.characters) {
    if (word.size() + character.size() > word_bytes_max) break;
    word += character;
  }
  return word;
}

}  // namespace

std::vector<std::string> index_terms(std::string_view text) {
  std::vector<std::string> terms;
  while (!text.empty() && terms.size() < index_terms_max) {
    const Run run = take_run(text);
    if (run.script == Script::spaced) terms.push_back(word_of(run));
    if (run.script != Script::unspaced) continue;
    const auto& characters = run.characters;
    for (std::size_t i = 0; i < characters.size() && terms.size() < index_terms_max; ++i) {
      // The last character stands alone, so that it too is found by its prefix.
      terms.push_back(i + 1 < characters.size() ? characters[i] + characters[i + 1]
                                                : characters[i]);
    }
  }
  return terms;
}

std::vector<QueryWord> query_words(std::string_view text) {
  std::vector<QueryWord> words;
  while (!text.empty() && words.size() < query_words_max) {
    const Run run = take_run(text);
    if (run.script == Script::spaced) words.push_back({{word_of(run)}});
    if (run.script != Script::unspaced) continue;
    const auto& characters = run.characters;
    QueryWord word;
    if (characters.size() == 1) word.terms.push_back(characters.front());
    for (std::size_t i = 0; i + 1 < characters.size(); ++i) {
      word.terms.push_back(characters[i] + characters[i + 1]);
    }
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace rubricon::domain
