#include <rubricon/ai_rules/detect.hpp>

#include <rubricon/ai_rules/likeness.hpp>

#include <algorithm>
#include <iterator>
#include <map>

namespace rubricon::ai_rules {
namespace {

constexpr std::size_t candidates_max = 3;
constexpr std::string_view usual_types[] = {"essay", "oral_presentation", "group_project"};

struct Hit {
  std::size_t type;
  std::size_t begin;
  std::size_t end;
  std::size_t width;
};

std::vector<Hit> find_hits(const Library& library, std::string_view text) {
  std::vector<std::pair<double, Hit>> all;
  for (std::size_t t = 0; t < library.types().size(); ++t) {
    for (const auto& alias : library.types()[t].aliases) {
      const auto size = width(alias);
      for (auto at = find_word(text, alias, 0); at; at = find_word(text, alias, *at + 1)) {
        all.emplace_back(static_cast<double>(size), Hit{t, *at, *at + alias.size(), size});
      }
    }
  }
  std::vector<Hit> kept;
  std::map<std::size_t, std::size_t> taken;  // begin → end, apart from each other
  for (const auto& hit : ranked(std::move(all))) {
    const auto next = taken.lower_bound(hit.begin);
    const bool inside = (next != taken.end() && next->first < hit.end) ||
                        (next != taken.begin() && std::prev(next)->second > hit.begin);
    if (inside) continue;
    taken.emplace(hit.begin, hit.end);
    kept.push_back(hit);
  }
  return kept;
}

void add_candidate(TypeDetection& out, const AssignmentType* type) {
  if (type == nullptr || out.candidates.size() >= candidates_max) return;
  if (std::ranges::find(out.candidates, type) == out.candidates.end()) {
    out.candidates.push_back(type);
  }
}

/// Nothing was named: what sounds most alike, then what is asked for most.
void suggest(const Library& library, std::string_view text, TypeDetection& out) {
  const auto present = tokens_of(text);
  std::vector<std::pair<double, const AssignmentType*>> alike;
  for (const auto& type : library.types()) {
    double score = 0;
    for (const auto& alias : type.aliases) score += likeness(alias, present);
    if (score > 0) alike.emplace_back(score, &type);
  }
  for (const auto* type : ranked(std::move(alike))) add_candidate(out, type);
  for (const auto id : usual_types) add_candidate(out, library.type(id));
}

}  // namespace

TypeDetection detect_type(const Library& library, std::string_view folded) {
  struct Score {
    std::size_t longest = 0;
    std::size_t hits = 0;
    std::size_t value() const { return hits == 0 ? 0 : 2 * longest + hits - 1; }
  };
  std::vector<Score> scores(library.types().size());
  for (const auto& hit : find_hits(library, folded)) {
    auto& score = scores[hit.type];
    score.longest = std::max(score.longest, hit.width);
    ++score.hits;
  }
  std::vector<std::pair<double, std::size_t>> named;
  for (std::size_t t = 0; t < scores.size(); ++t) {
    if (scores[t].hits > 0) named.emplace_back(static_cast<double>(scores[t].value()), t);
  }
  const auto order = ranked(std::move(named));
  TypeDetection out;
  for (const auto t : order) add_candidate(out, &library.types()[t]);
  out.is_tie = order.size() > 1 && scores[order[0]].value() == scores[order[1]].value();
  if (!order.empty() && !out.is_tie) out.type = &library.types()[order[0]];
  if (out.type == nullptr) suggest(library, folded, out);
  return out;
}

}  // namespace rubricon::ai_rules
