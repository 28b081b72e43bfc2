#include <rubricon/ai_http/model_rubric.hpp>

#include <rubricon/ai_http/plain_text.hpp>
#include <rubricon/domain/text.hpp>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cmath>
#include <stdexcept>

namespace rubricon::ai_http {
namespace {

namespace json = boost::json;
using domain::RubricKind;
using domain::RubricLanguage;

constexpr std::size_t json_bytes_max = 256 * 1024;
constexpr std::size_t json_depth_max = 16;
constexpr std::size_t id_bytes_max = 64;
constexpr double weight_max = 1'000'000;

/// What is wrong with the document, as a sentence.
struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const json::value& member(const json::object& in, std::string_view key, const std::string& path) {
  const auto* value = in.if_contains(key);
  if (value == nullptr) throw Wrong(fmt::format("{}{} is missing", path, key));
  return *value;
}

std::string text(const json::object& in, std::string_view key, const std::string& path,
                 std::size_t characters_max, Lines lines) {
  const auto* string = member(in, key, path).if_string();
  if (string == nullptr) throw Wrong(fmt::format("{}{} must be a string", path, key));
  auto out = tidied(*string, lines);
  if (domain::utf16_length(out) > characters_max) {
    throw Wrong(fmt::format("{}{} must have at most {} characters", path, key, characters_max));
  }
  return out;
}

std::string name(const json::object& in, std::string_view key, const std::string& path) {
  auto out = text(in, key, path, domain::rubric_name_characters_max, Lines::one);
  if (out.empty()) throw Wrong(fmt::format("{}{} must not be empty", path, key));
  return out;
}

const json::array& list(const json::object& in, std::string_view key, const std::string& path,
                        std::size_t min, std::size_t max) {
  const auto* array = member(in, key, path).if_array();
  if (array == nullptr) throw Wrong(fmt::format("{}{} must be an array", path, key));
  if (array->size() < min || array->size() > max) {
    throw Wrong(fmt::format("{}{} must have {} to {} entries", path, key, min, max));
  }
  return *array;
}

const json::object& object(const json::value& value, const std::string& path) {
  const auto* found = value.if_object();
  if (found == nullptr) throw Wrong(path + " must be an object");
  return *found;
}

template <typename Value>
Value choice(const json::object& in, std::string_view key, std::initializer_list<Value> values) {
  const auto* string = member(in, key, "").if_string();
  std::string known;
  for (const auto candidate : values) {
    if (string != nullptr && *string == domain::to_string(candidate)) return candidate;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", domain::to_string(candidate));
  }
  throw Wrong(fmt::format("{} must be one of {}", key, known));
}

double weight(const json::object& in, const std::string& path) {
  const auto& value = member(in, "weight", path);
  const double number = value.is_number() ? value.to_number<double>() : -1;
  if (!(number >= 0 && number <= weight_max)) {
    throw Wrong(path + "weight must be a number that is not negative");
  }
  return number;
}

ModelCriterion criterion(const json::object& in, const std::string& path) {
  ModelCriterion out{
      .id = text(in, "id", path, id_bytes_max, Lines::one),
      .name = name(in, "name", path),
      .focus = text(in, "focus", path, domain::rubric_descriptor_characters_max, Lines::several),
      .weight = weight(in, path)};
  const auto& levels =
      list(in, "levels", path, domain::rubric_levels_min, domain::rubric_levels_max);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto where = fmt::format("{}levels[{}]", path, i);
    const auto& level = object(levels[i], where);
    out.levels.push_back(
        {.id = text(level, "id", where + ".", id_bytes_max, Lines::one),
         .name = name(level, "name", where + "."),
         .descriptor = text(level, "descriptor", where + ".",
                            domain::rubric_descriptor_characters_max, Lines::several)});
  }
  return out;
}

ModelRubric read(const json::object& in) {
  ModelRubric out{
      .title = name(in, "title", ""),
      .language = choice(in, "language",
                         {RubricLanguage::en, RubricLanguage::zh_tw, RubricLanguage::bilingual}),
      .kind = choice(in, "kind",
                     {RubricKind::analytic, RubricKind::holistic, RubricKind::single_point})};
  const auto& criteria = list(in, "criteria", "", 1, domain::rubric_criteria_max);
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    const auto where = fmt::format("criteria[{}]", i);
    out.criteria.push_back(criterion(object(criteria[i], where), where + "."));
    if (out.criteria[i].levels.size() != out.criteria[0].levels.size()) {
      throw Wrong(where + ".levels must be the same levels as in criteria[0], in the same order");
    }
  }
  return out;
}

json::object to_model(const domain::Criterion& row, const domain::Rubric& rubric,
                      domain::Locale locale) {
  const auto text_of = [&](const domain::LocalText& text) {
    return tidied(shown(text, rubric.language, locale), Lines::several);
  };
  json::array levels;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    json::object level = {{"id", rubric.levels[i].id},
                          {"name", text_of(rubric.levels[i].name)},
                          {"descriptor", text_of(row.cells[i].descriptor)}};
    if (row.cells[i].locked) {
      level["locked"] = true;
    } else if (is_theirs(row.cells[i])) {
      level["typed"] = true;
    }
    levels.push_back(std::move(level));
  }
  json::object out = {{"id", row.id}, {"name", text_of(row.name)}, {"focus", text_of(row.focus)}};
  // As people write it: 12.5, and 25 without a fraction.
  out["weight"] = json::parse(domain::to_string(row.weight));
  if (row.locked) out["locked"] = true;
  out["levels"] = std::move(levels);
  return out;
}

}  // namespace

base::Result<ModelRubric> parse_model_rubric(std::string_view text) {
  const auto invalid = [](std::string why) {
    return base::fail(base::ErrorCode::invalid, std::move(why), "ai_rubric_invalid");
  };
  if (text.size() > json_bytes_max) return invalid("it is too long");
  json::parse_options options;
  options.max_depth = json_depth_max;
  boost::system::error_code error;
  const auto document = json::parse(text, error, {}, options);
  if (error) return invalid("it is not JSON (" + error.message() + ")");
  try {
    const auto& outer = object(document, "it");
    const auto* inner = outer.if_contains("rubric");
    return read(inner != nullptr ? object(*inner, "rubric") : outer);
  } catch (const Wrong& wrong) {
    return invalid(wrong.what());
  }
}

const std::string& shown(const domain::LocalText& text, RubricLanguage language,
                         domain::Locale locale) {
  if (language == RubricLanguage::en) return text.in(domain::Locale::en);
  if (language == RubricLanguage::zh_tw) return text.in(domain::Locale::zh_tw);
  return text.in(locale);
}

json::object to_model(const domain::Rubric& rubric, domain::Locale locale) {
  json::array criteria;
  for (const auto& row : rubric.criteria) criteria.push_back(to_model(row, rubric, locale));
  return {{"title", tidied(shown(rubric.title, rubric.language, locale), Lines::one)},
          {"language", domain::to_string(rubric.language)},
          {"kind", domain::to_string(rubric.kind)},
          {"criteria", std::move(criteria)}};
}

bool is_theirs(const domain::RubricCell& cell) {
  return cell.locked || (cell.origin == domain::CellOrigin::teacher && !cell.descriptor.empty());
}

}  // namespace rubricon::ai_http
