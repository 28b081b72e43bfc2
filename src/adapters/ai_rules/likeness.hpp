/// How much two short texts have in common: words for Latin script, bigrams for Chinese.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::ai_rules {

/// Lower-case words and pairs of neighbouring CJK characters (a single one stands alone).
std::set<std::string> tokens_of(std::string_view folded);

/// The share of `part`'s tokens that occur in `whole`, 0..1.
double likeness(std::string_view part, std::string_view whole);
/// The same for a whole whose tokens are known: a long text is taken apart once.
double likeness(std::string_view part, const std::set<std::string>& present);

/// Letters; a CJK character counts as four.
std::size_t width(std::string_view text);

/// First place from `from` where `word` occurs, for Latin words as a whole word or its plural.
std::optional<std::size_t> find_word(std::string_view text, std::string_view word,
                                     std::size_t from);

/// Highest score first; equal scores keep their order.
template <typename T>
std::vector<T> ranked(std::vector<std::pair<double, T>> scored) {
  std::vector<std::size_t> order(scored.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, [&scored](std::size_t a, std::size_t b) {
    return scored[a].first != scored[b].first ? scored[a].first > scored[b].first : a < b;
  });
  std::vector<T> out;
  for (const auto i : order) out.push_back(std::move(scored[i].second));
  return out;
}

}  // namespace rubricon::ai_rules
