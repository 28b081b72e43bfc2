/// One spelling for what teachers type in many: the text that rules are matched on.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

/// Bytes [begin, end) of a normalised text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool empty() const { return begin >= end; }
  bool operator==(const Span&) const = default;
};

/// Simplified characters and phrases with their traditional forms.
struct ScriptTable {
  std::map<char32_t, char32_t> characters;
  std::map<std::u32string, std::u32string> phrases;  ///< 2 or more characters, tried first
};

/// A message in its one spelling, with the way back to what was typed.
class NormalisedText {
 public:
  const std::string& text() const { return text_; }
  /// What was typed for bytes [begin, end) of `text`, without white space and quotes at its ends.
  std::string cut(std::size_t begin, std::size_t end) const;

 private:
  friend NormalisedText normalise(std::string_view original, const ScriptTable& table);
  std::string original_;
  std::string text_;
  std::vector<std::uint32_t> origin_;  ///< per byte of text_, and one past the end
};

/// Lower case; full-width forms, CJK quotes and punctuation to ASCII; zero-width characters gone;
/// simplified to traditional; number words to digits where they count something (五個等級 →
/// 5個等級, 百分之三十 → 30%, "five levels" → "5 levels", "eighth grade" → "8th grade"), but
/// 這一項, 一下 and 十分清楚 stay. `original` is UTF-8 of at most 4 GiB. Linear time.
NormalisedText normalise(std::string_view original, const ScriptTable& table);

/// `normalise` for names that are compared only.
std::string fold(std::string_view original, const ScriptTable& table);

/// Code points of UTF-8 text, and back.
std::u32string decode(std::string_view utf8);
void append_utf8(std::string& out, char32_t c);

}  // namespace rubricon::ai_rules
