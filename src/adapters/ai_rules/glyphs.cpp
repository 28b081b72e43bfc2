#include <rubricon/ai_rules/glyphs.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace rubricon::ai_rules {
namespace {

// ---- Chinese ---------------------------------------------------------------------------------

int digit_value(char32_t c) {
  static constexpr std::u32string_view digits = U"零一二三四五六七八九";
  if (c == U'兩') return 2;
  if (c == U'〇') return 0;
  const auto at = digits.find(c);
  return at == std::u32string_view::npos ? -1 : static_cast<int>(at);
}

int unit_value(char32_t c) {
  if (c == U'十') return 10;
  if (c == U'百') return 100;
  return c == U'千' ? 1000 : 0;
}

bool is_numeral(char32_t c) {
  return digit_value(c) >= 0 || unit_value(c) > 0;
}

bool contains(std::u32string_view set, char32_t c) {
  return set.find(c) != std::u32string_view::npos;
}

/// 三十五, 一百, 一百零五, 十二, 五; nothing for 三四 or 一二三.
std::optional<int> value_of(const Glyphs& in, std::size_t begin, std::size_t end) {
  int total = 0;
  int digit = -1;
  int last_unit = 10'000;
  for (std::size_t i = begin; i < end; ++i) {
    if (const int unit = unit_value(in[i].c); unit > 0) {
      if (unit >= last_unit) return std::nullopt;
      total += (digit < 0 ? 1 : digit) * unit;
      last_unit = unit;
      digit = -1;
      continue;
    }
    const int value = digit_value(in[i].c);
    if (digit > 0 || (digit == 0 && value == 0)) return std::nullopt;
    digit = value;
  }
  return total + std::max(digit, 0);
}

class ChineseReader {
 public:
  explicit ChineseReader(const Glyphs& in) : in_(in) {}

  Glyphs run() {
    out_.reserve(in_.size());
    while (at_ < in_.size()) {
      if (!percent() && !number()) out_.push_back(in_[at_++]);
    }
    return std::move(out_);
  }

 private:
  char32_t look(std::size_t i) const { return i < in_.size() ? in_[i].c : U'\0'; }
  char32_t before(std::size_t i) const { return i > 0 ? in_[i - 1].c : U'\0'; }
  std::size_t run_end(std::size_t from) const {
    while (from < in_.size() && is_numeral(in_[from].c)) ++from;
    return from;
  }

  /// 百分之三十, 百分之30.
  bool percent() {
    if (look(at_) != U'百' || look(at_ + 1) != U'分' || look(at_ + 2) != U'之') return false;
    const auto origin = in_[at_].origin;
    auto end = run_end(at_ + 3);
    if (end > at_ + 3) {
      const auto value = value_of(in_, at_ + 3, end);
      if (!value) return false;
      append_number(out_, *value, origin);
    } else {
      end = at_ + 3;
      while (look(end) == U' ') ++end;
      const auto digits = end;
      while ((look(end) >= U'0' && look(end) <= U'9') || look(end) == U'.') ++end;
      if (end == digits) return false;
      for (auto i = digits; i < end; ++i) out_.push_back({in_[i].c, origin});
    }
    out_.push_back({U'%', origin});
    at_ = end;
    return true;
  }

  bool number() {
    if (!is_numeral(in_[at_].c)) return false;
    const auto end = run_end(at_);
    const auto value = value_of(in_, at_, end);
    if (value && *value >= 1 && *value <= 9 && tenths(end)) return true;
    if (value && counts(end, *value)) {
      append_number(out_, *value, in_[at_].origin);
    } else {
      out_.insert(out_.end(), in_.begin() + static_cast<std::ptrdiff_t>(at_),
                  in_.begin() + static_cast<std::ptrdiff_t>(end));
    }
    at_ = end;
    return true;
  }

  /// 佔三成, 三成五: tenths as percent. Not 成功, 成果, 成績, 成員 …
  bool tenths(std::size_t end) {
    if (end != at_ + 1 || look(end) != U'成') return false;
    if (contains(U"功果績員為長立就品語熟分本效", look(end + 1))) return false;
    const auto origin = in_[at_].origin;
    const int half = digit_value(look(end + 1));
    append_number(out_, digit_value(in_[at_].c) * 10 + std::max(half, 0), origin);
    out_.push_back({U'%', origin});
    at_ = end + (half > 0 ? 2 : 1);
    return true;
  }

  /// Whether the numeral [at_, end) counts something, rather than being part of a word.
  bool counts(std::size_t end, int value) const {
    const char32_t prev = before(at_);
    const char32_t next = look(end);
    if (prev == U'第') return true;
    if (next == U'分' && look(end + 1) == U'之') return false;
    const bool is_range = contains(U"到至~-", next) && is_numeral(look(end + 1));
    if (is_range && look(run_end(end + 1)) == U'年') return true;
    if (end - at_ >= 2) return unit_value(in_[at_].c) > 0 || unit_value(in_[at_ + 1].c) > 0;
    const bool bare_unit = unit_value(in_[at_].c) > 10;
    if (bare_unit) return false;
    if (next == U'年' && look(end + 1) == U'級') return true;
    if (value <= 6 && contains(U"國小高大初", prev) && !contains(U"點些步級個次種項樣", next)) {
      return value > 1 || !contains(U"家下起定致般", next);
    }
    if (value == 1) return false;
    if (value == 10 && next == U'分') return contains(U"分成為到是給佔設:", prev);
    if (next == U'點') return contains(U"量制", look(end + 2)) || contains(U"量制", look(end + 1));
    if (contains(U"級個項種分欄條層位段階等%趴大", next)) return true;
    const bool at_end = next == U'\0' || contains(U" ,.;!?\n)", next);
    return at_end && contains(U"成為到是改用設", prev);
  }

  const Glyphs& in_;
  Glyphs out_;
  std::size_t at_ = 0;
};

// ---- English ---------------------------------------------------------------------------------

struct NumberWord {
  std::string_view word;
  int value;
};

constexpr std::array<NumberWord, 28> cardinals = {
    {{"one", 1},      {"two", 2},        {"three", 3},     {"four", 4},      {"five", 5},
     {"six", 6},      {"seven", 7},      {"eight", 8},     {"nine", 9},      {"ten", 10},
     {"eleven", 11},  {"twelve", 12},    {"thirteen", 13}, {"fourteen", 14}, {"fifteen", 15},
     {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},
     {"thirty", 30},  {"forty", 40},     {"fifty", 50},    {"sixty", 60},    {"seventy", 70},
     {"eighty", 80},  {"ninety", 90},    {"hundred", 100}}};
constexpr std::array<NumberWord, 12> ordinals = {{{"first", 1},
                                                  {"second", 2},
                                                  {"third", 3},
                                                  {"fourth", 4},
                                                  {"fifth", 5},
                                                  {"sixth", 6},
                                                  {"seventh", 7},
                                                  {"eighth", 8},
                                                  {"ninth", 9},
                                                  {"tenth", 10},
                                                  {"eleventh", 11},
                                                  {"twelfth", 12}}};
constexpr std::array<std::string_view, 31> counted = {
    "level",       "levels",     "column",      "columns",    "point",     "points", "pts",
    "mark",        "marks",      "percent",     "band",       "bands",     "rating", "ratings",
    "row",         "rows",       "criteria",    "criterion",  "tier",      "tiers",  "categories",
    "performance", "categories", "achievement", "dimensions", "different", "%",      "per",
    "items",       "pt",         "grading"};
constexpr std::array<std::string_view, 13> ordered = {
    "grade", "grader", "graders", "grades", "year",     "criterion", "row",
    "one",   "item",   "column",  "level",  "category", "years"};
constexpr std::array<std::string_view, 4> labels = {"grade", "year", "level", "criterion"};

template <std::size_t N>
int lookup(const std::array<NumberWord, N>& words, std::string_view word) {
  const auto it = std::ranges::find(words, word, &NumberWord::word);
  return it == words.end() ? 0 : it->value;
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool letter(char32_t c) {
  return c >= U'a' && c <= U'z';
}

class EnglishReader {
 public:
  explicit EnglishReader(const Glyphs& in) : in_(in) {}

  Glyphs run() {
    out_.reserve(in_.size());
    while (at_ < in_.size()) {
      if (!letter(in_[at_].c) || (at_ > 0 && letter(in_[at_ - 1].c))) {
        out_.push_back(in_[at_++]);
        continue;
      }
      const auto word = word_at(at_);
      if (!number(word)) {
        for (std::size_t i = 0; i < word.size(); ++i) out_.push_back(in_[at_++]);
      }
      previous_ = word;
    }
    return std::move(out_);
  }

 private:
  std::string word_at(std::size_t from) const {
    std::string out;
    while (from < in_.size() && letter(in_[from].c)) out += static_cast<char>(in_[from++].c);
    return out;
  }
  std::size_t skip(std::size_t from) const {
    while (from < in_.size() && (in_[from].c == U' ' || in_[from].c == U'-')) ++from;
    return from;
  }
  std::string next_word(std::size_t from) const {
    from = skip(from);
    if (from < in_.size() && in_[from].c == U'%') return "%";
    return word_at(from);
  }

  bool number(const std::string& word) {
    auto end = at_ + word.size();
    if (const int nth = lookup(ordinals, word); nth > 0) {
      if (!among(ordered, next_word(end))) return false;
      append_number(out_, nth, in_[at_].origin);
      for (const char c : std::string_view(nth == 1   ? "st"
                                           : nth == 2 ? "nd"
                                           : nth == 3 ? "rd"
                                                      : "th"))
        out_.push_back({static_cast<char32_t>(c), in_[at_].origin});
      at_ = end;
      return true;
    }
    int value = lookup(cardinals, word);
    if (word == "a" && next_word(end) == "hundred") value = 1;
    if (value == 0) return false;
    const int more = lookup(cardinals, next_word(end));
    if (value < 10 && more == 100) {
      end = skip(end) + 7;
      value *= 100;
      add_tens(end, value);
    } else if (value >= 20 && value < 100 && more > 0 && more < 10) {
      end = skip(end) + next_word(end).size();
      value += more;
    }
    const bool labelled = among(labels, previous_) && value <= 16;
    const bool large =
        value >= 10 && (previous_ == "of" || previous_ == "to" || previous_ == "total");
    if (value == 1 && !labelled) return false;
    if (!labelled && !large && !among(counted, next_word(end))) return false;
    append_number(out_, value, in_[at_].origin);
    at_ = end;
    return true;
  }

  /// "… hundred and twenty(-five)": the rest below a hundred.
  void add_tens(std::size_t& end, int& value) const {
    auto from = end;
    if (next_word(from) == "and") from = skip(from) + 3;
    const int tens = lookup(cardinals, next_word(from));
    if (tens == 0 || tens == 100) return;
    end = skip(from) + next_word(from).size();
    value += tens;
    const int ones = lookup(cardinals, next_word(end));
    if (tens < 20 || ones == 0 || ones > 9) return;
    end = skip(end) + next_word(end).size();
    value += ones;
  }

  const Glyphs& in_;
  Glyphs out_;
  std::size_t at_ = 0;
  std::string previous_;
};

}  // namespace

void append_number(Glyphs& out, int value, std::uint32_t origin) {
  for (const char c : std::to_string(value)) out.push_back({static_cast<char32_t>(c), origin});
}

Glyphs chinese_numbers_to_digits(const Glyphs& in) {
  return ChineseReader(in).run();
}

Glyphs english_numbers_to_digits(const Glyphs& in) {
  return EnglishReader(in).run();
}

}  // namespace rubricon::ai_rules
