// Whatever the bytes: terms are bounded, hold no separators, and a document is found by each of its
// own words.
#include <rubricon/base/assert.hpp>
#include <rubricon/domain/search_terms.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon::domain;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto terms = index_terms(text);
  RUBRICON_ASSERT(terms.size() <= index_terms_max);
  for (const auto& term : terms) {
    RUBRICON_ASSERT(!term.empty() && term.size() <= 64);
    RUBRICON_ASSERT(term.find_first_of(" \"*()\n\0") == std::string::npos);
  }
  const auto words = query_words(text);
  RUBRICON_ASSERT(words.size() <= query_words_max);
  if (terms.size() == index_terms_max) return 0;  // what was cut off is not found
  for (const auto& word : words) {
    RUBRICON_ASSERT(!std::ranges::search(terms, word.terms).empty());
  }
  return 0;
}
