#include <rubricon/ai_rules/normalise.hpp>

#include <rubricon/ai_rules/glyphs.hpp>

namespace rubricon::ai_rules {
namespace {

constexpr char32_t dropped = 0;

/// ASCII for full-width forms, CJK punctuation and typographic quotes; lower case.
char32_t plain(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c - U'A' + U'a';
  if (c >= 0xff01 && c <= 0xff5e) return plain(c - 0xff01 + U'!');
  switch (c) {
    case U'\t':
    case 0xa0:
    case 0x3000: return U' ';
    case U'。':
    case 0xff61: return U'.';
    case U'、': return U',';
    case U'「':
    case U'」':
    case U'『':
    case U'』':
    case U'“':
    case U'”':
    case U'《':
    case U'》':
    case U'〈':
    case U'〉':
    case U'【':
    case U'】': return U'"';
    case U'‘':
    case U'’': return U'\'';
    case U'–':
    case U'—':
    case U'－': return U'-';
    case U'～':
    case U'〜': return U'~';
    case U'⋯':
    case U'…': return U' ';
    case U'\r': return U'\n';
    case 0x200b:
    case 0x200c:
    case 0x200d:
    case 0x2060:
    case 0xfeff: return dropped;
    default: return c < 0x20 && c != U'\n' ? U' ' : c;
  }
}

Glyphs read(std::string_view text) {
  Glyphs out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const auto start = static_cast<std::uint32_t>(at);
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    char32_t c = length == 1 ? first : first & (0x7f >> length);
    for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
      c = (c << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3f);
    }
    at += length;
    if (const char32_t p = plain(c); p != dropped) out.push_back({p, start});
  }
  return out;
}

Glyphs to_traditional(const Glyphs& in, const ScriptTable& table) {
  Glyphs out;
  out.reserve(in.size());
  for (std::size_t i = 0; i < in.size();) {
    std::size_t taken = 0;
    for (const std::size_t length : {std::size_t{3}, std::size_t{2}}) {
      if (taken != 0 || i + length > in.size()) continue;
      std::u32string key;
      for (std::size_t k = 0; k < length; ++k) key += in[i + k].c;
      const auto phrase = table.phrases.find(key);
      if (phrase == table.phrases.end()) continue;
      for (std::size_t k = 0; k < phrase->second.size(); ++k) {
        out.push_back({phrase->second[k], in[i + std::min(k, length - 1)].origin});
      }
      taken = length;
    }
    if (taken == 0) {
      const auto found = table.characters.find(in[i].c);
      out.push_back({found == table.characters.end() ? in[i].c : found->second, in[i].origin});
      taken = 1;
    }
    i += taken;
  }
  return out;
}

}  // namespace

std::u32string decode(std::string_view utf8) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    char32_t c = length == 1 ? first : first & (0x7f >> length);
    for (std::size_t i = 1; i < length && at + i < utf8.size(); ++i) {
      c = (c << 6) | (static_cast<unsigned char>(utf8[at + i]) & 0x3f);
    }
    out += c;
    at += length;
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

NormalisedText normalise(std::string_view original, const ScriptTable& table) {
  auto glyphs = to_traditional(read(original), table);
  glyphs = english_numbers_to_digits(chinese_numbers_to_digits(glyphs));
  NormalisedText out;
  out.original_ = original;
  for (const auto& glyph : glyphs) {
    append_utf8(out.text_, glyph.c);
    out.origin_.resize(out.text_.size(), glyph.origin);
  }
  out.origin_.push_back(static_cast<std::uint32_t>(original.size()));
  return out;
}

std::string fold(std::string_view original, const ScriptTable& table) {
  return normalise(original, table).text();
}

std::string NormalisedText::cut(std::size_t begin, std::size_t end) const {
  if (begin >= end || end > text_.size()) return {};
  const std::string_view all = original_;
  auto piece = all.substr(origin_[begin], origin_[end] - origin_[begin]);
  static constexpr std::string_view edges[] = {" ",  "\t", "\n", "\r", "\"", "\u3000", "「",
                                               "」", "『", "』", "“",  "”",  "《",     "》"};
  for (bool again = true; again;) {
    again = false;
    for (const auto edge : edges) {
      if (piece.starts_with(edge)) piece.remove_prefix(edge.size()), again = true;
      if (piece.ends_with(edge)) piece.remove_suffix(edge.size()), again = true;
    }
  }
  return std::string(piece);
}

}  // namespace rubricon::ai_rules
