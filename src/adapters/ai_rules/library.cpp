#include <rubricon/ai_rules/library.hpp>

#include <rubricon/base/assert.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

namespace json = boost::json;
using domain::LocalText;

LocalText text_of(const json::value& in) {
  return {std::string(in.at("en").as_string()), std::string(in.at("zh-TW").as_string())};
}

std::vector<std::string> strings(const json::value& in) {
  std::vector<std::string> out;
  for (const auto& entry : in.as_array()) out.emplace_back(entry.as_string());
  return out;
}

std::vector<std::string> folded(const json::value& in, const ScriptTable& script) {
  std::vector<std::string> out;
  for (const char* language : {"en", "zh-TW"}) {
    for (const auto& alias : in.at(language).as_array()) {
      out.push_back(fold(alias.as_string(), script));
    }
  }
  return out;
}

LibraryCriterion criterion_of(const json::object& in, const ScriptTable& script) {
  LibraryCriterion out;
  out.id = in.at("id").as_string();
  if (const auto* weight = in.if_contains("weight"); weight != nullptr) {
    out.weight = domain::Amount::whole(weight->as_int64());
  }
  out.name = text_of(in.at("name"));
  out.focus = text_of(in.at("focus"));
  out.aliases = folded(in.at("aliases"), script);
  const auto& levels = in.at("levels").as_array();
  RUBRICON_ASSERT(levels.size() == out.texts.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    out.texts[i] = text_of(levels[i].at("descriptor"));
    const auto* brief = levels[i].as_object().if_contains("short");
    if (brief != nullptr) out.short_texts[i] = text_of(*brief);
  }
  return out;
}

AssignmentType type_of(const json::object& in, const ScriptTable& script) {
  AssignmentType out;
  out.id = in.at("id").as_string();
  out.name = text_of(in.at("name"));
  out.title_name = text_of(in.at("title"));
  out.aliases = folded(in.at("aliases"), script);
  for (const auto& entry : in.at("criteria").as_array()) {
    out.criteria.push_back(criterion_of(entry.as_object(), script));
  }
  return out;
}

const LibraryCriterion* find_in(const std::vector<LibraryCriterion>& list, std::string_view id) {
  const auto it = std::ranges::find(list, id, &LibraryCriterion::id);
  return it == list.end() ? nullptr : &*it;
}

}  // namespace

const std::array<LocalText, 4>& LibraryCriterion::texts_for(std::string_view band) const {
  const bool young = band == "lower_primary" || band == "middle_primary";
  return young && !short_texts[0].empty() ? short_texts : texts;
}

Library::Library(std::string_view text, const ScriptTable& script) {
  const auto document = json::parse(text);
  const auto& in = document.as_object();
  for (const auto& entry : in.at("assignment_types").as_array()) {
    types_.push_back(type_of(entry.as_object(), script));
  }
  for (const auto& entry : in.at("optional_criteria").as_array()) {
    optional_.push_back(criterion_of(entry.as_object(), script));
  }
  for (const auto& entry : in.at("grade_bands").as_array()) {
    bands_.push_back({std::string(entry.at("id").as_string()), text_of(entry),
                      static_cast<std::size_t>(entry.at("max_words_en").as_int64()),
                      static_cast<std::size_t>(entry.at("max_chars_zh").as_int64())});
  }
  for (std::size_t count = scale_levels_min; count <= scale_levels_max; ++count) {
    const auto& labels = in.at("scales").at(std::to_string(count)).at("labels");
    const auto en = strings(labels.at("en"));
    const auto zh = strings(labels.at("zh-TW"));
    RUBRICON_ASSERT(en.size() == count);
    RUBRICON_ASSERT(zh.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      level_names_[count - scale_levels_min].push_back({en[i], zh[i]});
    }
  }
  between_ = text_of(in.at("between"));
  check_.vague_en = strings(in.at("vague_words").at("en"));
  check_.vague_zh = strings(in.at("vague_words").at("zh-TW"));
  check_.exact_terms = strings(in.at("exact_terms"));
}

const AssignmentType* Library::type(std::string_view id) const {
  const auto it = std::ranges::find(types_, id, &AssignmentType::id);
  return it == types_.end() ? nullptr : &*it;
}

const GradeBand* Library::band(std::string_view id) const {
  const auto it = std::ranges::find(bands_, id, &GradeBand::id);
  return it == bands_.end() ? nullptr : &*it;
}

const LibraryCriterion* Library::criterion(std::string_view type_id, std::string_view id) const {
  if (const auto* own = type(type_id); own != nullptr) {
    if (const auto* found = find_in(own->criteria, id)) return found;
  }
  if (const auto* found = find_in(optional_, id)) return found;
  const auto dash = id.find('-');
  if (dash == std::string_view::npos) return nullptr;
  const auto* other = type(id.substr(0, dash));
  return other == nullptr ? nullptr : find_in(other->criteria, id.substr(dash + 1));
}

const std::vector<LocalText>& Library::level_names(std::size_t count) const {
  RUBRICON_ASSERT(count >= scale_levels_min);
  RUBRICON_ASSERT(count <= scale_levels_max);
  return level_names_[count - scale_levels_min];
}

domain::LevelScheme Library::scheme(const domain::Rubric& rubric, std::size_t count) const {
  domain::LevelScheme out{
      .names = level_names(count), .library = {}, .between = between_, .names_before = {}};
  const auto before = rubric.levels.size();
  if (before >= scale_levels_min && before <= scale_levels_max) {
    out.names_before = level_names(before);
  }
  for (const auto& row : rubric.criteria) {
    if (row.source != domain::CriterionSource::library) continue;
    const auto* found = criterion(rubric.assignment_type.value_or(""), row.id);
    if (found != nullptr) {
      out.library.emplace(row.id, found->texts_for(rubric.grade_band.value_or("")));
    }
  }
  return out;
}

domain::RubricCheckRules Library::check_rules(const domain::Rubric& rubric) const {
  auto out = check_;
  const auto* grade = band(rubric.grade_band.value_or(""));
  if (grade != nullptr) {
    out.words_en_max = grade->words_en_max;
    out.characters_zh_max = grade->characters_zh_max;
  }
  return out;
}

}  // namespace rubricon::ai_rules
