#include <rubricon/ai_rules/rules.hpp>

#include <rubricon/ai_rules/patterns.hpp>
#include <rubricon/base/assert.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace rubricon::ai_rules {
namespace {

namespace json = boost::json;

constexpr std::array<const char*, 25> intent_names = {"undo",           "redo",
                                                      "diff",           "export",
                                                      "create",         "translate",
                                                      "validate",       "set_weights_equal",
                                                      "set_descriptor", "set_weight",
                                                      "rename_levels",  "set_levels",
                                                      "set_total",      "set_criterion_points",
                                                      "set_kind",       "rename_criterion",
                                                      "move_criterion", "remove_criterion",
                                                      "add_criterion",  "score_work",
                                                      "audience",       "tone",
                                                      "show",           "help",
                                                      "unknown"};

Intent parse_intent(std::string_view name) {
  const auto it = std::ranges::find(intent_names, name);
  RUBRICON_ASSERT(it != intent_names.end());
  return static_cast<Intent>(it - intent_names.begin());
}

std::string string_of(const json::object& in, std::string_view key) {
  const auto* value = in.if_contains(key);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

bool flag_of(const json::object& in, std::string_view key) {
  const auto* value = in.if_contains(key);
  return value != nullptr && value->as_bool();
}

/// The part of a clause that rules are tried on.
std::string_view head_of(std::string_view clause) {
  constexpr std::size_t bytes_max = 900;
  if (clause.size() <= bytes_max) return clause;
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(clause[end]) & 0xc0) == 0x80) --end;
  return clause.substr(0, end);
}

ScriptTable read_script(const json::object& in) {
  ScriptTable out;
  for (const auto& pair : in.at("simplified_to_traditional").as_object()) {
    const auto from = decode(pair.key());
    const auto to = decode(pair.value().as_string());
    RUBRICON_ASSERT(from.size() == 1 && to.size() == 1);
    out.characters[from[0]] = to[0];
  }
  for (const auto& pair : in.at("phrases").as_object()) {
    out.phrases[decode(pair.key())] = decode(pair.value().as_string());
  }
  return out;
}

}  // namespace

const char* to_string(Intent intent) noexcept {
  return intent_names[static_cast<std::size_t>(intent)];
}

Span Match::slot(std::string_view name) const {
  const auto it = std::ranges::find(slots, name, &Slot::name);
  return it == slots.end() ? Span{} : it->span;
}

/// The file, compiled.
struct Rules::Compiled {
  struct Clause {
    Intent intent;
    std::string op;
    std::vector<std::string> slots;
    bool guarded;
    bool takes_rest;
    std::size_t unless;  ///< index into vetoes, or none
    bool is_sentence;
  };
  struct Grade {
    std::size_t pattern;
    int add;
  };
  struct Word {
    std::size_t pattern;
    std::string value;
    bool assumed;
  };

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  explicit Compiled(const json::object& in);
  void read_intent(const json::object& in);
  void read_pattern(const json::value& in, Intent intent, const json::object& whole);
  void read_facts(const json::object& in);
  std::vector<std::size_t> list(const json::value& in);
  std::vector<Word> words(const json::value& in, const char* key);

  Macros macros;
  std::vector<Clause> clauses;
  PatternSet clause_patterns;  ///< one a clause, same index
  PatternSet vetoes;
  PatternSet create_vetoes;
  Patterns single;  ///< everything that is used by itself
  std::size_t lead_zh, lead_en, trail, thanks, yes, no, question, remark, weight_tail, points_tail;
  std::vector<Grade> grades;
  std::vector<std::size_t> grade_ranges, levels, total, hundred, count, criteria_lists, ordinals,
      ordinals_last;
  std::vector<Word> bands, languages, kinds;
};

Rules::Compiled::Compiled(const json::object& in) {
  for (const auto& macro : in.at("macros").as_object()) {
    macros.add(macro.key(), macro.value().as_string());
  }
  for (const auto& intent : in.at("intents").as_array()) read_intent(intent.as_object());
  clause_patterns.compile();
  vetoes.compile();
  create_vetoes.compile();
  const auto& courtesy = in.at("courtesy").as_object();
  const auto one = [&](const char* key) {
    return single.add(macros.expand(courtesy.at(key).as_string()));
  };
  lead_zh = one("lead_zh");
  lead_en = one("lead_en");
  trail = one("trail");
  thanks = one("thanks");
  yes = one("yes");
  no = one("no");
  question = one("question");
  remark = one("remark");
  weight_tail = one("weight_tail");
  points_tail = one("points_tail");
  read_facts(in.at("facts").as_object());
}

void Rules::Compiled::read_intent(const json::object& in) {
  const auto intent = parse_intent(in.at("id").as_string());
  for (const char* language : {"en", "zh-TW"}) {
    for (const auto& pattern : in.at("patterns").at(language).as_array()) {
      read_pattern(pattern, intent, in);
    }
    const auto* unless = in.if_contains("unless");
    if (unless == nullptr) continue;
    RUBRICON_ASSERT(intent == Intent::create);
    for (const auto& veto : unless->at(language).as_array()) {
      create_vetoes.add(macros.expand(veto.as_string()));
    }
  }
}

void Rules::Compiled::read_pattern(const json::value& in, Intent intent,
                                   const json::object& whole) {
  Clause clause{.intent = intent,
                .op = {},
                .slots = {},
                .guarded = false,
                .takes_rest = flag_of(whole, "takes_rest"),
                .unless = none,
                .is_sentence = flag_of(whole, "sentence")};
  std::string text;
  if (const auto* plain = in.if_string(); plain != nullptr) {
    text = *plain;
  } else {
    const auto& entry = in.as_object();
    text = entry.at("re").as_string();
    clause.op = string_of(entry, "op");
    clause.guarded = string_of(entry, "guard") == "criterion";
    if (const auto* slots = entry.if_contains("slots"); slots != nullptr) {
      for (const auto& slot : slots->as_array()) clause.slots.emplace_back(slot.as_string());
    }
    if (const auto unless = string_of(entry, "unless"); !unless.empty()) {
      clause.unless = vetoes.add(macros.expand(unless));
    }
  }
  clause_patterns.add(macros.expand(text));
  clauses.push_back(std::move(clause));
}

std::vector<std::size_t> Rules::Compiled::list(const json::value& in) {
  std::vector<std::size_t> out;
  for (const auto& pattern : in.as_array()) {
    out.push_back(single.add(macros.expand(pattern.as_string())));
  }
  return out;
}

std::vector<Rules::Compiled::Word> Rules::Compiled::words(const json::value& in, const char* key) {
  std::vector<Word> out;
  for (const auto& entry : in.as_array()) {
    const auto& object = entry.as_object();
    out.push_back({single.add(macros.expand(object.at("re").as_string())), string_of(object, key),
                   flag_of(object, "assumed")});
  }
  return out;
}

void Rules::Compiled::read_facts(const json::object& in) {
  for (const auto& entry : in.at("grade").as_array()) {
    grades.push_back({single.add(macros.expand(entry.at("re").as_string())),
                      static_cast<int>(entry.at("add").as_int64())});
  }
  grade_ranges = list(in.at("grade_range"));
  levels = list(in.at("levels"));
  total = list(in.at("total"));
  hundred = list(in.at("hundred"));
  count = list(in.at("count"));
  criteria_lists = list(in.at("criteria_list"));
  ordinals = list(in.at("ordinal"));
  ordinals_last = list(in.at("ordinal_last"));
  bands = words(in.at("band"), "band");
  languages = words(in.at("language"), "language");
  kinds = words(in.at("kind"), "kind");
}

Rules::Rules(std::string_view text) {
  const auto document = json::parse(text);
  const auto& in = document.as_object();
  script_ = read_script(in.at("normalise").as_object());
  compiled_ = std::make_unique<const Compiled>(in);
  for (const auto& entry : in.at("examples").as_array()) {
    Example example{
        std::string(entry.at("text").as_string()), std::string(entry.at("intent").as_string()), {}};
    if (const auto* slots = entry.as_object().if_contains("slots"); slots != nullptr) {
      for (const auto& slot : slots->as_array()) example.slots.emplace_back(slot.as_string());
    }
    examples_.push_back(std::move(example));
  }
}

Rules::~Rules() = default;

Span Rules::strip(std::string_view text) const {
  Span span{0, text.size()};
  const auto edge = [](char c) { return std::string_view(" \t\n,.;:!?~").contains(c); };
  for (bool again = true; again && !span.empty();) {
    again = false;
    while (!span.empty() && edge(text[span.begin])) ++span.begin;
    const auto rest = text.substr(span.begin, span.end - span.begin);
    for (const auto pattern : {compiled_->lead_zh, compiled_->lead_en}) {
      const auto lead = compiled_->single.find(pattern, rest);
      // A courtesy that is all there is stays: "hi" and 你好 are messages too.
      if (lead && lead->end > 0 && lead->end < rest.size()) {
        span.begin += lead->end;
        again = true;
        break;
      }
    }
  }
  const auto rest = text.substr(span.begin, span.end - span.begin);
  if (const auto tail = compiled_->single.find(compiled_->trail, rest); tail && tail->begin > 0) {
    span.end = span.begin + tail->begin;
  }
  return span;
}

std::vector<Match> Rules::match(std::string_view whole) const {
  std::vector<Match> out;
  // Commands are short; only a descriptor may be long, and its pattern begins with the command.
  const auto clause = head_of(whole);
  const bool vetoed = compiled_->create_vetoes.any(clause);
  for (const auto index : compiled_->clause_patterns.matching(clause)) {
    const auto& rule = compiled_->clauses[index];
    if (rule.is_sentence && vetoed) continue;
    if (rule.unless != Compiled::none && compiled_->vetoes.find(rule.unless, clause)) continue;
    const auto groups = compiled_->clause_patterns.groups(index, rule.takes_rest ? whole : clause);
    if (groups.empty()) continue;
    Match match{.intent = rule.intent,
                .op = rule.op,
                .guarded = rule.guarded,
                .takes_rest = rule.takes_rest,
                .extent = groups[0],
                .slots = {}};
    for (std::size_t i = 0; i < rule.slots.size() && i + 1 < groups.size(); ++i) {
      match.slots.push_back({rule.slots[i], groups[i + 1]});
    }
    const auto name = match.slot("criterion");
    const bool is_number =
        clause.substr(name.begin, name.end - name.begin).find_first_not_of("0123456789. ") ==
        std::string_view::npos;
    if (rule.guarded && !name.empty() && is_number) continue;
    out.push_back(std::move(match));
  }
  return out;
}

bool Rules::asks_for_rubric(std::string_view text) const {
  return std::ranges::any_of(match(text),
                             [](const Match& m) { return m.intent == Intent::create; });
}

void Rules::read_range(std::string_view text, int first, Facts& out) const {
  int last = first;
  for (const auto pattern : compiled_->grade_ranges) {
    const auto span = compiled_->single.group(pattern, text, 2);
    if (!span) continue;
    const auto amount = domain::parse_amount(text.substr(span->begin, span->end - span->begin));
    if (amount) last = static_cast<int>(amount->in_hundredths() / 100);
    break;
  }
  const auto band = domain::grade_band_of(first);
  if (first < last && band == domain::grade_band_of(last)) {
    out.band = band;
  } else {
    out.grade = first;
  }
}

Facts Rules::facts(std::string_view text) const {
  const auto& c = *compiled_;
  Facts out;
  const auto number =
      [&](const std::vector<std::size_t>& patterns) -> std::optional<domain::Amount> {
    for (const auto pattern : patterns) {
      if (const auto span = c.single.group(pattern, text, 1)) {
        return domain::parse_amount(text.substr(span->begin, span->end - span->begin));
      }
    }
    return std::nullopt;
  };
  const auto whole = [&](const std::vector<std::size_t>& patterns) -> std::optional<int> {
    const auto amount = number(patterns);
    if (!amount) return std::nullopt;
    return static_cast<int>(amount->in_hundredths() / 100);
  };
  const auto word = [&](const std::vector<Compiled::Word>& words) -> const Compiled::Word* {
    for (const auto& entry : words) {
      if (c.single.find(entry.pattern, text)) return &entry;
    }
    return nullptr;
  };
  if (const auto first = whole(c.grade_ranges)) read_range(text, *first, out);
  for (const auto& grade : c.grades) {
    if (out.grade || !out.band.empty()) break;
    if (const auto value = whole({grade.pattern})) out.grade = *value + grade.add;
  }
  if (out.grade && domain::grade_band_of(*out.grade).empty()) out.grade.reset();
  if (const auto* band = out.band.empty() ? word(c.bands) : nullptr) {
    out.band = band->value;
    out.band_assumed = band->assumed;
  }
  out.levels = whole(c.levels);
  out.total = number(c.total);
  for (const auto pattern : c.hundred) {
    if (!out.total && c.single.find(pattern, text)) out.total = domain::Amount::whole(100);
  }
  out.criteria_count = whole(c.count);
  if (const auto* language = word(c.languages)) out.language = language->value;
  if (const auto* kind = word(c.kinds)) out.kind = kind->value;
  return out;
}

std::optional<Rules::CriteriaList> Rules::criteria_list(std::string_view clause) const {
  for (std::size_t i = 0; i < compiled_->criteria_lists.size(); ++i) {
    const auto pattern = compiled_->criteria_lists[i];
    if (const auto span = compiled_->single.group(pattern, clause, 1)) {
      const bool complete = clause.substr(0, span->begin).find_first_of(":") != std::string::npos;
      return CriteriaList{*span, complete};
    }
  }
  return std::nullopt;
}

std::optional<Rules::TrailingWeight> Rules::trailing_weight(std::string_view text) const {
  for (const auto pattern : {compiled_->weight_tail, compiled_->points_tail}) {
    const auto groups = compiled_->single.groups(pattern, text);
    if (groups.size() < 2 || groups[0].begin == 0) continue;
    return TrailingWeight{groups[0].begin, groups[1], pattern == compiled_->points_tail};
  }
  return std::nullopt;
}

std::optional<int> Rules::ordinal(std::string_view text) const {
  for (const auto pattern : compiled_->ordinals_last) {
    if (compiled_->single.find(pattern, text)) return -1;
  }
  for (const auto pattern : compiled_->ordinals) {
    const auto span = compiled_->single.group(pattern, text, 1);
    if (!span) continue;
    const auto amount = domain::parse_amount(text.substr(span->begin, span->end - span->begin));
    if (amount) return static_cast<int>(amount->in_hundredths() / 100);
  }
  return std::nullopt;
}

Courtesy Rules::courtesy(std::string_view text) const {
  const auto& single = compiled_->single;
  if (single.find(compiled_->thanks, text)) return Courtesy::thanks;
  if (single.find(compiled_->yes, text)) return Courtesy::yes;
  return single.find(compiled_->no, text) ? Courtesy::no : Courtesy::none;
}

bool Rules::is_question(std::string_view text) const {
  return compiled_->single.find(compiled_->question, text).has_value();
}

bool Rules::is_remark(std::string_view text) const {
  return compiled_->single.find(compiled_->remark, text).has_value();
}

}  // namespace rubricon::ai_rules
