#include <rubricon/ai_rules/resolve.hpp>

#include <rubricon/ai_rules/likeness.hpp>

#include <algorithm>
#include <array>

namespace rubricon::ai_rules {
namespace {

constexpr std::size_t candidates_max = 3;
constexpr double likeness_min = 0.5;
constexpr double likeness_lead = 0.2;

constexpr std::string_view heads[] = {
    "the ",     "my ",   "criterion ", "criteria ", "i want ", "we want ", "i need ",
    "i think ", "that ", "\"",         " ",         "關於",    "有關",     "這個",
    "這項",     "那項",  "評分項目",   "我覺得",    "我想把",  "讓",       "我想讓"};
constexpr std::string_view tails[] = {
    " criterion", " criteria", " row",   " category", "'s weight", "'s",       " weight", " should",
    "\"",         " ",         "這一項", "那一項",    "這項",      "那項",     "的",      "規準",
    "指標",       "項目",      "向度",   "面向",      "部分",      "這個",     "權重",    "配分",
    "分數",       "可以",      "要",     "應該",      "能",        "也",       "則",      "就",
    "都",         "請",        "想",     "比重",      "佔比",      "這個名稱", "名稱"};
constexpr std::array<std::string_view, 13> everything = {
    "all",  "each", "every",  "everything", "all criteria", "each criterion",
    "每項", "各項", "每一項", "全部",       "所有",         "所有項目",
    "各"};
constexpr std::array<std::string_view, 12> joints = {"以及", "還有", "和", "與", "及", "跟",
                                                     ",",    "/",    ";",  "&",  "+",  "|"};

}  // namespace

std::string_view trim_name(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const auto head : heads) {
      if (text.size() > head.size() && text.starts_with(head)) {
        text.remove_prefix(head.size());
        again = true;
      }
    }
    for (const auto tail : tails) {
      if (text.size() > tail.size() && text.ends_with(tail)) {
        text.remove_suffix(tail.size());
        again = true;
      }
    }
  }
  return text;
}

std::vector<Span> list_parts(std::string_view text) {
  std::vector<Span> out;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    auto part = Span{begin, end};
    while (!part.empty() && (text[part.begin] == ' ' || text[part.begin] == '"')) ++part.begin;
    while (!part.empty() && (text[part.end - 1] == ' ' || text[part.end - 1] == '"')) --part.end;
    if (text.substr(part.begin, part.end - part.begin).starts_with("and ")) part.begin += 4;
    if (!part.empty()) out.push_back(part);
  };
  bool quoted = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') quoted = !quoted;
    std::size_t length = 0;
    if (!quoted && text.substr(at).starts_with(" and ")) length = 5;
    for (const auto joint : joints) {
      if (!quoted && length == 0 && text.substr(at).starts_with(joint)) length = joint.size();
    }
    if (length > 0) {
      close(at);
      begin = at + length;
    }
    at += std::max<std::size_t>(length, 1);
  }
  close(text.size());
  return out;
}

std::optional<std::size_t> level_named(const domain::Rubric& rubric, const Rules& rules,
                                       std::string_view folded) {
  auto wanted = trim_name(folded);
  for (const std::string_view head : {"level ", "column "}) {
    if (wanted.starts_with(head)) wanted.remove_prefix(head.size());
  }
  for (const std::string_view tail : {" level", " column", "等級", "那級", "這級", "一級"}) {
    if (wanted.size() > tail.size() && wanted.ends_with(tail)) wanted.remove_suffix(tail.size());
  }
  for (std::size_t i = 0; i < rubric.levels.size(); ++i) {
    for (const auto& name : {rubric.levels[i].name.en, rubric.levels[i].name.zh_tw}) {
      if (!name.empty() && rules.fold(name) == wanted) return i;
    }
  }
  for (const std::string_view top :
       {"最高", "最好", "最高級", "最高的", "top", "best", "highest"}) {
    if (wanted == top) return 0;
  }
  for (const std::string_view bottom : {"最低", "最低級", "最低的", "bottom", "lowest"}) {
    if (wanted == bottom) return rubric.levels.size() - 1;
  }
  return std::nullopt;
}

std::string row_mentioned(const domain::Rubric& rubric, const Library& library, const Rules& rules,
                          std::string_view folded) {
  std::string found;
  std::size_t longest = 0;
  for (const auto& row : rubric.criteria) {
    auto names = std::vector<std::string>{rules.fold(row.name.en), rules.fold(row.name.zh_tw)};
    const auto* known = library.criterion(rubric.assignment_type.value_or(""), row.id);
    if (known != nullptr) names.insert(names.end(), known->aliases.begin(), known->aliases.end());
    for (const auto& name : names) {
      if (!find_word(folded, name, 0) || width(name) < longest) continue;
      if (width(name) == longest && found != row.id) {
        found.clear();
        continue;
      }
      longest = width(name);
      found = row.id;
    }
  }
  return found;
}

TableGuard::TableGuard(const domain::Rubric& rubric, const Library& library, const Rules& rules)
    : rubric_(rubric), rules_(rules), resolver_(rubric, library, rules) {}

bool TableGuard::operator()(const Match& reading, std::string_view text) const {
  const auto slot = [&](std::string_view name) {
    const auto span = reading.slot(name);
    return text.substr(span.begin, span.end - span.begin);
  };
  const auto criterion = slot("criterion");
  if (criterion.empty()) return false;
  const auto level = slot("level");
  const bool numbered = level.find_first_not_of("0123456789") == std::string_view::npos;
  if (!numbered && !level_named(rubric_, rules_, level)) return false;
  if (reading.intent == Intent::rename_criterion && level_named(rubric_, rules_, criterion)) {
    return true;
  }
  return !resolver_.all(criterion).empty();
}

Resolver::Resolver(const domain::Rubric& rubric, const Library& library, const Rules& rules)
    : rules_(rules) {
  for (const auto& criterion : rubric.criteria) {
    Row row{.id = criterion.id, .names = {}, .aliases = {}};
    for (const auto& name : {criterion.name.en, criterion.name.zh_tw}) {
      if (!name.empty()) row.names.push_back(rules.fold(name));
    }
    const auto* known = library.criterion(rubric.assignment_type.value_or(""), criterion.id);
    if (known != nullptr && criterion.source == domain::CriterionSource::library) {
      row.aliases = known->aliases;
    }
    rows_.push_back(std::move(row));
  }
}

Resolution Resolver::pick(std::vector<std::string> fits) const {
  Resolution out;
  if (fits.size() == 1) {
    out.id = fits[0];
  } else if (fits.size() > 1) {
    out.is_ambiguous = true;
    fits.resize(std::min(fits.size(), candidates_max));
    out.candidates = std::move(fits);
  }
  return out;
}

Resolution Resolver::exact(std::string_view folded) const {
  for (const auto name : {folded, trim_name(folded)}) {
    std::vector<std::string> by_name;
    std::vector<std::string> by_alias;
    for (const auto& row : rows_) {
      const auto is = [&](const std::string& other) { return other == name; };
      if (row.id == name || std::ranges::any_of(row.names, is)) by_name.push_back(row.id);
      if (std::ranges::any_of(row.aliases, is)) by_alias.push_back(row.id);
    }
    if (!by_name.empty()) return pick(std::move(by_name));
    if (!by_alias.empty()) return pick(std::move(by_alias));
  }
  return {};
}

Resolution Resolver::one(std::string_view folded) const {
  const auto name = trim_name(folded);
  auto position = rules_.ordinal(folded);
  if (!position) position = rules_.ordinal(name);
  if (position && *position != 0) {
    const auto index = *position < 0 ? rows_.size() : static_cast<std::size_t>(*position);
    if (index >= 1 && index <= rows_.size()) return pick({rows_[index - 1].id});
  }
  if (auto found = exact(folded); found.found() || found.is_ambiguous) return found;
  std::vector<std::string> begins;
  std::vector<std::pair<double, std::string>> alike;
  for (const auto& row : rows_) {
    const bool starts = std::ranges::any_of(
        row.names, [&](const std::string& n) { return n.starts_with(name) && name.size() >= 3; });
    if (starts) begins.push_back(row.id);
    double best = 0;
    for (const auto& other : row.names) best = std::max(best, likeness(name, other));
    for (const auto& other : row.aliases) best = std::max(best, 0.9 * likeness(name, other));
    alike.emplace_back(best, row.id);
  }
  if (!begins.empty()) return pick(std::move(begins));
  std::vector<double> scores;
  for (const auto& [score, id] : alike) scores.push_back(score);
  std::ranges::sort(scores, std::ranges::greater{});
  const auto best = ranked(std::move(alike));
  const double second = scores.size() > 1 ? scores[1] : 0;
  if (scores[0] >= likeness_min && scores[0] >= second + likeness_lead) return pick({best[0]});
  Resolution out;
  out.is_ambiguous = scores[0] >= likeness_min;
  for (std::size_t i = 0; i < best.size() && i < candidates_max; ++i) {
    if (!out.is_ambiguous || scores[i] >= likeness_min) out.candidates.push_back(best[i]);
  }
  return out;
}

std::vector<std::string> Resolver::all(std::string_view folded) const {
  std::vector<std::string> out;
  const auto name = trim_name(folded);
  if (std::ranges::find(everything, name) != everything.end()) {
    for (const auto& row : rows_) out.push_back(row.id);
    return out;
  }
  if (const auto whole = one(folded); whole.found()) return {whole.id};
  const auto parts = list_parts(folded);
  if (parts.size() < 2) return {};
  for (const auto& part : parts) {
    const auto found = one(folded.substr(part.begin, part.end - part.begin));
    if (!found.found()) return {};
    if (std::ranges::find(out, found.id) == out.end()) out.push_back(found.id);
  }
  return out;
}

}  // namespace rubricon::ai_rules
