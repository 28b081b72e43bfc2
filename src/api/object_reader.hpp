/// Reads the fields of a JSON object that a client sent, and collects everything that is wrong with
/// them, so that one answer names all.
#pragma once

#include <rubricon/base/result.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::api {

/// `object` outlives the reader. Each getter returns nothing where the field is absent or wrong;
/// what is wrong is reported by `finish`.
class ObjectReader {
 public:
  /// Names that are not in `allowed` are reported as `unknown_field`.
  ObjectReader(const boost::json::object& object, std::initializer_list<std::string_view> allowed);

  std::optional<std::string_view> text(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name);
  std::optional<bool> truth(std::string_view name);
  const boost::json::object* object(std::string_view name);
  const boost::json::array* list(std::string_view name);

  /// A text that `Value::parse` accepts; its objections are reported under this name.
  template <typename Value>
  std::optional<Value> parsed(std::string_view name) {
    const auto raw = text(name);
    if (!raw) return std::nullopt;
    auto value = Value::parse(*raw);
    if (value) return std::move(*value);
    report(value.error(), name);
    return std::nullopt;
  }

  /// A text that `parse` (returning an optional) knows; reported as `unknown_value` otherwise.
  template <typename Value>
  std::optional<Value> one_of(std::string_view name,
                              std::optional<Value> (*parse)(std::string_view),
                              std::string_view choices) {
    const auto raw = text(name);
    if (!raw) return std::nullopt;
    auto value = parse(*raw);
    if (!value) report(name, "unknown_value", "must be one of " + std::string(choices));
    return value;
  }

  /// Reports `missing_field` for each that is absent.
  void require(std::initializer_list<std::string_view> names);
  /// Reports `missing_field` where the object has no field at all.
  void require_any();
  void report(std::string_view name, std::string_view code, std::string message);
  /// The error decides the status where nothing else is wrong.
  void report(const base::Error& error, std::string_view name);

  /// Nothing, or every objection: the code of the first is the error's reason.
  base::Result<void> finish();

 private:
  const boost::json::value* find(std::string_view name) const;
  void wrong_type(std::string_view name, const char* wanted);

  const boost::json::object& object_;
  base::ErrorCode code_ = base::ErrorCode::invalid;
  std::string reason_;
  std::vector<base::FieldError> fields_;
};

}  // namespace rubricon::api
