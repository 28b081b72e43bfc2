#include <rubricon/api/object_reader.hpp>

#include <algorithm>

namespace rubricon::api {
namespace {

constexpr std::size_t objections_max = 32;
constexpr std::size_t name_bytes_max = 64;

/// A name of theirs, short enough to be sent back, cut at a character's border.
std::string shortened(std::string_view name) {
  if (name.size() <= name_bytes_max) return std::string(name);
  std::size_t end = name_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
  return std::string(name.substr(0, end)) + "…";
}

}  // namespace

ObjectReader::ObjectReader(const boost::json::object& object,
                           std::initializer_list<std::string_view> allowed)
    : object_(object) {
  for (const auto& member : object) {
    const std::string_view name = member.key();
    if (std::ranges::find(allowed, name) == allowed.end()) {
      report(shortened(name), "unknown_field", "is not a field of this request");
    }
  }
}

std::optional<std::string_view> ObjectReader::text(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* string = value->if_string()) return std::string_view(*string);
  wrong_type(name, "a string");
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = value->if_int64()) return *number;
  wrong_type(name, "an integer");
  return std::nullopt;
}

std::optional<bool> ObjectReader::truth(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* truth = value->if_bool()) return *truth;
  wrong_type(name, "true or false");
  return std::nullopt;
}

const boost::json::object* ObjectReader::object(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  const auto* object = value->if_object();
  if (object == nullptr) wrong_type(name, "an object");
  return object;
}

const boost::json::array* ObjectReader::list(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  const auto* list = value->if_array();
  if (list == nullptr) wrong_type(name, "a list");
  return list;
}

void ObjectReader::require(std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (find(name) == nullptr) report(name, "missing_field", "is required");
  }
}

void ObjectReader::require_any() {
  if (object_.empty()) report("", "missing_field", "must have at least one field");
}

void ObjectReader::report(std::string_view name, std::string_view code, std::string message) {
  if (reason_.empty()) reason_ = code;
  if (fields_.size() >= objections_max) return;
  fields_.push_back({std::string(name), std::string(code), std::move(message)});
}

base::Result<void> ObjectReader::finish() {
  if (reason_.empty()) return {};
  const auto& first = fields_.front();
  auto detail = first.field.empty() ? "The body " + first.message + "."
                                    : first.field + " " + first.message + ".";
  return base::fail(code_, std::move(detail), std::move(reason_), std::move(fields_));
}

const boost::json::value* ObjectReader::find(std::string_view name) const {
  return object_.if_contains(name);
}

void ObjectReader::report(const base::Error& error, std::string_view name) {
  // A size limit decides the status only where nothing else is wrong.
  if (reason_.empty()) code_ = error.code;
  const auto reason = error.reason.empty() ? base::to_string(error.code) : error.reason.c_str();
  if (reason_.empty()) reason_ = reason;
  if (fields_.size() >= objections_max) return;
  const bool detailed = !error.fields.empty();
  fields_.push_back({std::string(name), detailed ? error.fields[0].code : reason,
                     detailed ? error.fields[0].message : error.detail});
}

void ObjectReader::wrong_type(std::string_view name, const char* wanted) {
  report(name, "invalid_type", std::string("must be ") + wanted);
}

}  // namespace rubricon::api
