/// A message taken apart into what can be done one after the other.
#pragma once

#include <rubricon/ai_rules/rules.hpp>

#include <functional>
#include <string_view>
#include <vector>

namespace rubricon::ai_rules {

inline constexpr std::size_t clause_bytes_max = 6'000;  ///< 2,000 Chinese characters
inline constexpr std::size_t sentences_max = 24;
inline constexpr std::size_t pieces_max = 24;          ///< of one sentence
inline constexpr std::size_t message_pieces_max = 48;  ///< of all sentences

struct Clause {
  Span span;  ///< of the normalised message
  /// How it is read, with slots as places in the message; intent unknown where no rule fits.
  Match reading;
};

/// Whether a guarded reading of `text` holds: its slots name what is in the table.
using Guard = std::function<bool(const Match& reading, std::string_view text)>;

struct Clauses {
  std::vector<Clause> list;
  bool is_cut = false;  ///< the message was longer than the bounds above
};

/// Sentences first (line ends, 。; ! ?), then pieces (commas, 並, 然後, 和, "and", "then"). Pieces
/// are put together again where only together they can be read ("A, B, C, D" as level names), so
/// that as little as possible stays unread; among those the finest division wins. Quoted text is
/// not cut.
Clauses split(const Rules& rules, std::string_view text, const Guard& guard);

/// Sentences of a normalised text, at most `sentences_max`.
std::vector<Span> sentences(std::string_view text);
/// Pieces of one sentence, as places in `text`; what is beyond `pieces_max` is left out.
std::vector<Span> pieces(std::string_view text, Span sentence);

}  // namespace rubricon::ai_rules
