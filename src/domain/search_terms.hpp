/// What a text is found by: Latin words, and pairs of neighbouring characters where a script has no
/// spaces (評分規準 → 評分, 分規, 規準, 準). Made here, so that every store finds the same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::domain {

/// Terms of a document beyond this many are not indexed.
inline constexpr std::size_t index_terms_max = 4'096;
/// Words of a query beyond this many are ignored.
inline constexpr std::size_t query_words_max = 8;

/// The terms of `text` in their order, repetitions included: lower case, full-width forms as ASCII.
/// A term never contains ASCII punctuation or white space. `text` is UTF-8.
std::vector<std::string> index_terms(std::string_view text);

/// One word of a query. A document has it where `terms` occur next to each other in this order, the
/// last one as a prefix: "rubr" finds "rubric", "分" finds 分規.
struct QueryWord {
  std::vector<std::string> terms;

  bool operator==(const QueryWord&) const = default;
};

/// The words that a document must all have; empty where `text` has nothing to look for.
std::vector<QueryWord> query_words(std::string_view text);

}  // namespace rubricon::domain
