/// A message as code points that remember where they came from, while it is being normalised.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rubricon::ai_rules {

struct Glyph {
  char32_t c;
  std::uint32_t origin;  ///< byte offset in what was typed
};

using Glyphs = std::vector<Glyph>;

/// Chinese numerals that count something become digits; 百分之X and X成 become percent.
Glyphs chinese_numbers_to_digits(const Glyphs& in);

/// English number words and ordinals before a noun that is counted become digits.
Glyphs english_numbers_to_digits(const Glyphs& in);

/// Appends the digits of `value`, all with one origin.
void append_number(Glyphs& out, int value, std::uint32_t origin);

}  // namespace rubricon::ai_rules
