#include <rubricon/ai_rules/clauses.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace rubricon::ai_rules {
namespace {

constexpr std::size_t merge_max = 10;  ///< pieces that may form one clause
constexpr std::array<std::string_view, 14> separators = {
    ",",  "並且", "並",    "然後",   "接著",   "同時",   "以及",
    "和", "跟",   " and ", " then ", " plus ", " also ", "&"};
/// These begin the next piece instead of being dropped between two.
constexpr std::array<std::string_view, 4> openers = {"再加", "再改", "再把", "再新增"};

std::string_view at(std::string_view text, Span span) {
  return text.substr(span.begin, span.end - span.begin);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Length of a sentence end at `i`, or 0.
std::size_t sentence_end(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (c == '\n' || c == ';' || c == '!' || c == '?') return 1;
  if (c != '.') return 0;
  const bool decimal =
      i > 0 && is_digit(text[i - 1]) && i + 1 < text.size() && is_digit(text[i + 1]);
  return decimal ? 0 : 1;
}

std::size_t separator_at(std::string_view text, std::size_t i, std::size_t end) {
  const auto rest = text.substr(i, end - i);
  for (const auto separator : separators) {
    if (rest.starts_with(separator)) return separator.size();
  }
  return 0;
}

bool opens(std::string_view text, std::size_t i, std::size_t end) {
  const auto rest = text.substr(i, end - i);
  return std::ranges::any_of(openers, [&](auto opener) { return rest.starts_with(opener); });
}

void shift(Match& match, std::size_t by) {
  match.extent = {match.extent.begin + by, match.extent.end + by};
  for (auto& slot : match.slots) {
    if (!slot.span.empty()) slot.span = {slot.span.begin + by, slot.span.end + by};
  }
}

enum class Fit { read, guarded, unread };

struct Reading {
  Fit fit = Fit::unread;
  Match match;
};

class Splitter {
 public:
  Splitter(const Rules& rules, std::string_view text, const Guard& guard)
      : rules_(rules), text_(text), guard_(guard) {}

  Clauses run() {
    const auto all = sentences(text_);
    for (const auto& sentence : all) {
      if (out_.list.empty() || !continues_previous(sentence)) divide(sentence);
    }
    if (all.size() == sentences_max && all.back().end < text_.size()) out_.is_cut = true;
    return std::move(out_);
  }

 private:
  /// The best reading of a span, in places of the whole text.
  Reading read(Span span) const {
    if (span.end - span.begin > clause_bytes_max) span.end = cut_at_character(span);
    const auto inner = rules_.strip(at(text_, span));
    const Span clause{span.begin + inner.begin, span.begin + inner.end};
    if (clause.empty()) return {};
    auto out = read_as(clause);
    if (out.fit != Fit::unread || (clause.begin == span.begin && clause.end == span.end))
      return out;
    // "hi there" begins with a courtesy that is all there is.
    auto greeting = read_as(span);
    return greeting.match.intent == Intent::help ? greeting : out;
  }

  Reading read_as(Span clause) const {
    Reading out;
    for (auto& match : rules_.match(at(text_, clause))) {
      shift(match, clause.begin);
      if (!match.guarded || guard_(match, text_)) {
        return {Fit::read, std::move(match)};
      }
      if (out.fit == Fit::unread) out = {Fit::guarded, std::move(match)};
    }
    return out;
  }

  std::size_t cut_at_character(Span span) const {
    auto end = span.begin + clause_bytes_max;
    while (end > span.begin && (static_cast<unsigned char>(text_[end]) & 0xc0) == 0x80) --end;
    return end;
  }

  /// A sentence that cannot be read after a clause that takes the rest belongs to that clause.
  bool continues_previous(Span sentence) {
    auto& last = out_.list.back();
    if (!last.reading.takes_rest || read(sentence).fit != Fit::unread) return false;
    const auto more = read({last.span.begin, sentence.end});
    if (more.fit == Fit::unread || more.match.intent != last.reading.intent) return false;
    last = {{last.span.begin, sentence.end}, more.match};
    return true;
  }

  void divide(Span sentence) {
    auto whole = read(sentence);
    if (whole.fit == Fit::read && whole.match.takes_rest) {
      out_.list.push_back({sentence, std::move(whole.match)});
      return;
    }
    auto parts = pieces(text_, sentence);
    parts.resize(std::min(parts.size(), message_pieces_max - pieces_));
    pieces_ += parts.size();
    if (parts.empty() || parts.back().end < sentence.end) out_.is_cut = true;
    plan(parts);
  }

  /// Least cost over all ways to join neighbouring pieces. cost[i] is for parts[i..).
  void plan(const std::vector<Span>& parts) {
    struct Best {
      std::size_t cost = std::numeric_limits<std::size_t>::max();
      std::size_t clauses = 0;
      std::size_t next = 0;
      Match match;
    };
    std::vector<Best> best(parts.size() + 1);
    best.back().cost = 0;
    for (std::size_t i = parts.size(); i-- > 0;) {
      for (std::size_t j = i + 1; j <= parts.size() && j <= i + merge_max; ++j) {
        auto reading = read({parts[i].begin, parts[j - 1].end});
        if (j > i + 1 && !spans(reading, parts[i], parts[j - 1])) continue;
        const std::size_t weight = reading.fit == Fit::read      ? 0
                                   : reading.fit == Fit::guarded ? 1
                                                                 : 2;
        const auto cost = best[j].cost + weight * (j - i);
        const auto clauses = best[j].clauses + 1;
        if (cost < best[i].cost || (cost == best[i].cost && clauses > best[i].clauses)) {
          best[i] = {cost, clauses, j, std::move(reading.match)};
        }
      }
    }
    for (std::size_t i = 0; i < parts.size(); i = best[i].next) {
      out_.list.push_back({{parts[i].begin, parts[best[i].next - 1].end}, best[i].match});
    }
  }

  /// Whether a joined reading uses its first and its last piece.
  static bool spans(const Reading& reading, Span first, Span last) {
    return reading.fit != Fit::unread && reading.match.extent.begin < first.end &&
           reading.match.extent.end > last.begin;
  }

  const Rules& rules_;
  std::string_view text_;
  const Guard& guard_;
  std::size_t pieces_ = 0;
  Clauses out_;
};

}  // namespace

std::vector<Span> sentences(std::string_view text) {
  std::vector<Span> out;
  const bool balanced = std::ranges::count(text, '"') % 2 == 0;
  bool quoted = false;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    if (at(text, {begin, end}).find_first_not_of(" \t\n,") != std::string_view::npos) {
      out.push_back({begin, end});
    }
  };
  for (std::size_t i = 0; i < text.size() && out.size() < sentences_max; ++i) {
    if (text[i] == '"' && balanced) quoted = !quoted;
    const auto length = quoted ? 0 : sentence_end(text, i);
    if (length == 0) continue;
    close(i);
    begin = i + length;
  }
  if (out.size() < sentences_max) close(text.size());
  return out;
}

std::vector<Span> pieces(std::string_view text, Span sentence) {
  std::vector<Span> out;
  const bool balanced = std::ranges::count(at(text, sentence), '"') % 2 == 0;
  bool quoted = false;
  std::size_t begin = sentence.begin;
  const auto close = [&](std::size_t end) {
    if (at(text, {begin, end}).find_first_not_of(" \t,\"") != std::string_view::npos) {
      out.push_back({begin, end});
    }
  };
  for (auto i = sentence.begin; i < sentence.end && out.size() < pieces_max;) {
    if (text[i] == '"' && balanced) quoted = !quoted;
    const auto length = quoted ? 0 : separator_at(text, i, sentence.end);
    if (length > 0) {
      close(i);
      begin = i + length;
    } else if (!quoted && i > begin && opens(text, i, sentence.end)) {
      close(i);
      begin = i;
    }
    i += std::max<std::size_t>(length, 1);
  }
  if (out.size() < pieces_max) close(sentence.end);
  return out;
}

Clauses split(const Rules& rules, std::string_view text, const Guard& guard) {
  return Splitter(rules, text, guard).run();
}

}  // namespace rubricon::ai_rules
