#include <rubricon/domain/rubric.hpp>
#include <rubricon/domain/text.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <set>

namespace rubricon::domain {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;
using base::FieldError;

constexpr std::size_t field_errors_max = 50;
constexpr std::size_t id_bytes_max = 64;
constexpr std::size_t json_depth_max = 16;

/// Walks the document once and collects what is wrong with it, with the path of each field.
class Reader {
 public:
  Rubric read(const json::value& document);
  std::vector<FieldError> errors() && { return std::move(errors_); }

 private:
  void report(std::string path, const char* code, std::string message) {
    if (errors_.size() < field_errors_max) {
      errors_.push_back({std::move(path), code, std::move(message)});
    }
  }
  /// The object at `path`, its keys checked against `allowed`; nullptr (reported) for another type.
  const json::object* object(const json::value* value, const std::string& path,
                             std::initializer_list<std::string_view> allowed);
  const json::value* required(const json::object& in, std::string_view key,
                              const std::string& path);
  LocalText text(const json::value* value, const std::string& path, std::size_t characters_max,
                 bool multiline);
  LocalText name(const json::object& in, std::string_view key, const std::string& path);
  LocalText optional_text(const json::object& in, std::string_view key, const std::string& path,
                          std::size_t characters_max);
  Amount amount(const json::object& in, std::string_view key, const std::string& path, Amount min,
                Amount max);
  void ignored_number(const json::object& in, std::string_view key, const std::string& path);
  /// False where it is not there.
  bool flag(const json::object& in, std::string_view key, const std::string& path);
  std::string id(const json::object& in, std::string_view key, const std::string& path);
  template <typename Value>
  Value choice(const json::object& in, std::string_view key, const std::string& path,
               std::initializer_list<Value> values, Value otherwise);
  const json::array* array(const json::object& in, std::string_view key, const std::string& path,
                           std::size_t min, std::size_t max);
  void audience(const json::object& in, Rubric& rubric);
  void levels(const json::object& in, Rubric& rubric);
  void criteria(const json::object& in, Rubric& rubric);
  Criterion criterion(const json::object& in, const std::string& path, const Rubric& rubric);
  void cells(const json::object& in, const std::string& path, const Rubric& rubric,
             Criterion& criterion);
  RubricCell cell(const json::object& in, const std::string& path);

  std::vector<FieldError> errors_;
};

std::string join(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

std::string join(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

const json::object* Reader::object(const json::value* value, const std::string& path,
                                   std::initializer_list<std::string_view> allowed) {
  if (value == nullptr) return nullptr;
  const auto* found = value->if_object();
  if (found == nullptr) {
    report(path, "invalid_type", "must be an object");
    return nullptr;
  }
  for (const auto& member : *found) {
    const std::string_view key = member.key();
    if (std::ranges::find(allowed, key) == allowed.end()) {
      report(join(path, key.substr(0, id_bytes_max)), "unknown_field", "is not a field here");
    }
  }
  return found;
}

const json::value* Reader::required(const json::object& in, std::string_view key,
                                    const std::string& path) {
  const auto* value = in.if_contains(key);
  if (value == nullptr) report(join(path, key), "missing", "is required");
  return value;
}

LocalText Reader::text(const json::value* value, const std::string& path,
                       std::size_t characters_max, bool multiline) {
  LocalText out;
  const auto* in = object(value, path, {"en", "zh-TW"});
  if (in == nullptr) return out;
  for (const auto& member : *in) {
    if (member.key() != "en" && member.key() != "zh-TW") continue;
    const auto where = join(path, member.key());
    const auto* string = member.value().if_string();
    if (string == nullptr) {
      report(where, "invalid_type", "must be a string");
      continue;
    }
    const std::string_view s = *string;
    if (utf16_length(s) > characters_max) {
      report(where, "too_long",
             "must have at most " + std::to_string(characters_max) + " characters");
    } else if (std::ranges::any_of(s, [multiline](char c) {
                 const auto u = static_cast<unsigned char>(c);
                 return (u < 0x20 && !(multiline && (c == '\n' || c == '\t'))) || u == 0x7f;
               })) {
      report(where, "control_character", "must not contain control characters");
    }
    (member.key() == "en" ? out.en : out.zh_tw) = s;
  }
  return out;
}

bool blank(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
}

LocalText Reader::name(const json::object& in, std::string_view key, const std::string& path) {
  const auto* value = required(in, key, path);
  const auto before = errors_.size();
  auto out = text(value, join(path, key), rubric_name_characters_max, false);
  if (value != nullptr && errors_.size() == before && blank(out.en) && blank(out.zh_tw)) {
    report(join(path, key), "empty", "must have a text in at least one language");
  }
  return out;
}

LocalText Reader::optional_text(const json::object& in, std::string_view key,
                                const std::string& path, std::size_t characters_max) {
  return text(in.if_contains(key), join(path, key), characters_max, true);
}

Amount Reader::amount(const json::object& in, std::string_view key, const std::string& path,
                      Amount min, Amount max) {
  const auto* value = required(in, key, path);
  if (value == nullptr) return min;
  const auto where = join(path, key);
  if (!value->is_number()) {
    report(where, "invalid_type", "must be a number");
    return min;
  }
  const double number = value->to_number<double>();
  const double low = static_cast<double>(min.in_hundredths()) / 100;
  const double high = static_cast<double>(max.in_hundredths()) / 100;
  if (!(number >= low && number <= high)) {
    report(where, "out_of_range", "must be from " + to_string(min) + " to " + to_string(max));
    return min;
  }
  return Amount::hundredths(std::llround(number * 100));
}

void Reader::ignored_number(const json::object& in, std::string_view key, const std::string& path) {
  const auto* value = in.if_contains(key);
  if (value != nullptr && !value->is_number()) {
    report(join(path, key), "invalid_type", "must be a number");
  }
}

bool Reader::flag(const json::object& in, std::string_view key, const std::string& path) {
  const auto* value = in.if_contains(key);
  if (value == nullptr) return false;
  if (const auto* truth = value->if_bool(); truth != nullptr) return *truth;
  report(join(path, key), "invalid_type", "must be true or false");
  return false;
}

std::string Reader::id(const json::object& in, std::string_view key, const std::string& path) {
  const auto* value = required(in, key, path);
  if (value == nullptr) return {};
  const auto* string = value->if_string();
  if (string == nullptr) {
    report(join(path, key), "invalid_type", "must be a string");
    return {};
  }
  const bool plain = std::ranges::all_of(*string, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  if (string->empty() || string->size() > id_bytes_max || !plain) {
    report(join(path, key), "invalid_id", "must be 1 to 64 letters, digits, - or _");
    return {};
  }
  return std::string(*string);
}

template <typename Value>
Value Reader::choice(const json::object& in, std::string_view key, const std::string& path,
                     std::initializer_list<Value> values, Value otherwise) {
  const auto* value = in.if_contains(key);
  if (value == nullptr) return otherwise;
  const auto* string = value->if_string();
  if (string == nullptr) {
    report(join(path, key), "invalid_type", "must be a string");
    return otherwise;
  }
  std::string known;
  for (const Value candidate : values) {
    if (std::string_view(*string) == to_string(candidate)) return candidate;
    known += (known.empty() ? "" : ", ") + std::string(to_string(candidate));
  }
  report(join(path, key), "unknown_value", "must be one of " + known);
  return otherwise;
}

const json::array* Reader::array(const json::object& in, std::string_view key,
                                 const std::string& path, std::size_t min, std::size_t max) {
  const auto* value = required(in, key, path);
  if (value == nullptr) return nullptr;
  const auto where = join(path, key);
  const auto* found = value->if_array();
  if (found == nullptr) {
    report(where, "invalid_type", "must be an array");
    return nullptr;
  }
  if (found->size() < min || found->size() > max) {
    report(where, found->size() < min ? "too_few" : "too_many",
           "must have " + std::to_string(min) + " to " + std::to_string(max) + " entries");
    return nullptr;
  }
  return found;
}

void Reader::audience(const json::object& in, Rubric& rubric) {
  const auto* type = in.if_contains("assignmentType");
  if (type != nullptr && !type->is_null()) rubric.assignment_type = id(in, "assignmentType", "");
  const auto* grade = in.if_contains("grade");
  if (grade != nullptr && !grade->is_null()) {
    const auto* whole = grade->if_int64();
    if (whole == nullptr) {
      report("grade", "invalid_type", "must be a whole number or null");
    } else if (*whole < 1 || *whole > 16) {
      report("grade", "out_of_range", "must be from 1 to 16");
    } else {
      rubric.grade = static_cast<int>(*whole);
    }
  }
  const auto* band = in.if_contains("gradeBand");
  if (band != nullptr && !band->is_null()) {
    const auto* string = band->if_string();
    if (string == nullptr) {
      report("gradeBand", "invalid_type", "must be a string or null");
    } else if (!is_grade_band(*string)) {
      report("gradeBand", "unknown_value",
             "must be one of lower_primary, middle_primary, upper_primary, junior_high, "
             "senior_high, higher_ed");
    } else {
      rubric.grade_band = std::string(*string);
    }
  }
  if (rubric.grade) rubric.grade_band = std::string(grade_band_of(*rubric.grade));
}

void Reader::levels(const json::object& in, Rubric& rubric) {
  const auto* list = array(in, "levels", "", rubric_levels_min, rubric_levels_max);
  if (list == nullptr) return;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto path = join("levels", i);
    const auto* entry = object(&(*list)[i], path, {"id", "name"});
    if (entry == nullptr) continue;
    RubricLevel level{id(*entry, "id", path), name(*entry, "name", path)};
    if (!level.id.empty() && !ids.insert(level.id).second) {
      report(path + ".id", "duplicate", "is used by another level");
    }
    rubric.levels.push_back(std::move(level));
  }
}

void Reader::criteria(const json::object& in, Rubric& rubric) {
  const auto* list = array(in, "criteria", "", 1, rubric_criteria_max);
  if (list == nullptr) return;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto path = join("criteria", i);
    const auto* entry =
        object(&(*list)[i], path,
               {"id", "name", "focus", "weight", "points", "locked", "source", "cells"});
    if (entry == nullptr) continue;
    auto row = criterion(*entry, path, rubric);
    if (!row.id.empty() && !ids.insert(row.id).second) {
      report(path + ".id", "duplicate", "is used by another criterion");
    }
    rubric.criteria.push_back(std::move(row));
  }
}

Criterion Reader::criterion(const json::object& in, const std::string& path, const Rubric& rubric) {
  Criterion out;
  out.id = id(in, "id", path);
  out.name = name(in, "name", path);
  out.focus = optional_text(in, "focus", path, rubric_descriptor_characters_max);
  out.weight = amount(in, "weight", path, Amount(), Amount::whole(100));
  ignored_number(in, "points", path);
  out.locked = flag(in, "locked", path);
  out.source = choice(in, "source", path, {CriterionSource::library, CriterionSource::teacher},
                      CriterionSource::teacher);
  cells(in, path, rubric, out);
  return out;
}

void Reader::cells(const json::object& in, const std::string& path, const Rubric& rubric,
                   Criterion& criterion) {
  const auto* list = array(in, "cells", path, 0, rubric_levels_max);
  if (list == nullptr || rubric.levels.empty()) return;
  criterion.cells.resize(rubric.levels.size());
  for (std::size_t i = 0; i < rubric.levels.size(); ++i) {
    criterion.cells[i].level_id = rubric.levels[i].id;
  }
  std::vector<bool> filled(criterion.cells.size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto where = join(path + ".cells", i);
    const auto* entry =
        object(&(*list)[i], where, {"levelId", "points", "descriptor", "origin", "locked"});
    if (entry == nullptr) continue;
    auto read = cell(*entry, where);
    if (read.level_id.empty()) continue;
    const auto slot = std::ranges::find(criterion.cells, read.level_id, &RubricCell::level_id);
    const auto index = static_cast<std::size_t>(slot - criterion.cells.begin());
    if (slot == criterion.cells.end()) {
      report(where + ".levelId", "unknown_level", "is not the id of a level");
    } else if (filled[index]) {
      report(where + ".levelId", "duplicate", "has a cell already");
    } else {
      *slot = std::move(read);
      filled[index] = true;
    }
  }
  for (std::size_t i = 0; i < filled.size(); ++i) {
    if (!filled[i] && !rubric.levels[i].id.empty()) {
      report(path + ".cells", "missing_cell", "has no cell for level " + rubric.levels[i].id);
    }
  }
}

RubricCell Reader::cell(const json::object& in, const std::string& path) {
  RubricCell out;
  out.level_id = id(in, "levelId", path);
  ignored_number(in, "points", path);
  out.descriptor = optional_text(in, "descriptor", path, rubric_descriptor_characters_max);
  out.origin =
      choice(in, "origin", path,
             {CellOrigin::library, CellOrigin::between, CellOrigin::model, CellOrigin::teacher},
             CellOrigin::teacher);
  out.locked = flag(in, "locked", path);
  return out;
}

Rubric Reader::read(const json::value& document) {
  Rubric out;
  const auto* in = object(&document, "",
                          {"title", "language", "kind", "assignmentType", "grade", "gradeBand",
                           "total", "levels", "criteria"});
  if (in == nullptr) return out;
  out.title = name(*in, "title", "");
  if (required(*in, "language", "") != nullptr) {
    out.language = choice(*in, "language", "",
                          {RubricLanguage::en, RubricLanguage::zh_tw, RubricLanguage::bilingual},
                          RubricLanguage::zh_tw);
  }
  out.kind = choice(*in, "kind", "",
                    {RubricKind::analytic, RubricKind::holistic, RubricKind::single_point},
                    RubricKind::analytic);
  audience(*in, out);
  out.total = amount(*in, "total", "", Amount::hundredths(1), rubric_total_max);
  levels(*in, out);
  criteria(*in, out);
  return out;
}

std::string reason_of(const std::vector<FieldError>& errors) {
  for (const char* shape : {"invalid_type", "unknown_field"}) {
    for (const auto& error : errors) {
      if (error.code == shape) return shape;
    }
  }
  return "invalid_rubric";
}

}  // namespace

base::Result<Rubric> parse_rubric(std::string_view text) {
  if (text.size() > rubric_bytes_max) {
    return fail(ErrorCode::too_large, "a rubric has at most 65536 bytes", "rubric_too_large");
  }
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = json_depth_max;
  const auto document = json::parse(text, error, {}, options);
  if (error) return fail(ErrorCode::invalid, "the rubric is not JSON", "malformed_json");
  Reader reader;
  auto rubric = reader.read(document);
  auto errors = std::move(reader).errors();
  if (!errors.empty()) {
    auto reason = reason_of(errors);
    return fail(ErrorCode::invalid, "the rubric breaks a rule", std::move(reason),
                std::move(errors));
  }
  return recompute_points(std::move(rubric));
}

}  // namespace rubricon::domain
