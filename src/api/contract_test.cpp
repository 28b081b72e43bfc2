#include <rubricon/api/contract_test.hpp>

#include <rubricon/domain/text.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <regex>

namespace rubricon::api {
namespace {

using Value = boost::json::value;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

bool has_type(const Value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  return type == "number" && value.is_number();
}

bool scalar_ok(std::string_view keyword, const Value& rule, const Value& value) {
  if (value.is_string()) {
    const std::string text(value.as_string());
    if (keyword == "pattern") {
      return std::regex_search(text, std::regex(std::string(rule.as_string())));
    }
    const auto length = domain::utf16_length(text);
    if (keyword == "minLength") return length >= rule.to_number<std::size_t>();
    if (keyword == "maxLength") return length <= rule.to_number<std::size_t>();
    return false;
  }
  if (value.is_number()) {
    const auto number = value.to_number<double>(), bound = rule.to_number<double>();
    if (keyword == "minimum") return number >= bound;
    if (keyword == "maximum") return number <= bound;
    if (keyword == "exclusiveMinimum") return number > bound;
    return false;
  }
  // Rules for other types do not concern null and booleans.
  return true;
}

}  // namespace

Contract::Contract(std::string_view document)
    : document_(boost::json::parse(document).as_object()) {}

const boost::json::object* Contract::operation(std::string_view pattern,
                                               std::string_view method) const {
  const auto* path = paths().if_contains(pattern);
  if (path == nullptr) return nullptr;
  const auto* found = path->as_object().if_contains(lower(method));
  return found == nullptr ? nullptr : &found->as_object();
}

const boost::json::object* Contract::request_schema(const boost::json::object& operation) const {
  const auto* content = json_content(operation.if_contains("requestBody"), "application/json");
  return content == nullptr ? nullptr : &resolved(content->at("schema"));
}

boost::json::value Contract::request_example(const boost::json::object& operation) const {
  const auto* content = json_content(operation.if_contains("requestBody"), "application/json");
  if (content == nullptr) return nullptr;
  if (const auto* examples = content->if_contains("examples")) {
    return examples->as_object().begin()->value().at("value");
  }
  const auto* examples = resolved(content->at("schema")).if_contains("examples");
  return examples == nullptr ? boost::json::value(nullptr) : examples->as_array().at(0);
}

std::string Contract::response_error(const boost::json::object& operation, unsigned status,
                                     std::string_view type, std::string_view body) const {
  const auto* found = operation.at("responses").as_object().if_contains(std::to_string(status));
  if (found == nullptr) return "status " + std::to_string(status) + " is not in the contract";
  if (!resolved(*found).contains("content")) return body.empty() ? "" : "unexpected body";
  const auto* content = json_content(found, type);
  if (content == nullptr && json_content(found, "*/*") != nullptr) return {};  // a file
  if (content == nullptr) return "type " + std::string(type) + " is not in the contract";
  return value_error(content->at("schema"), boost::json::parse(body));
}

std::string Contract::value_error(const boost::json::value& schema, const boost::json::value& value,
                                  const std::string& path) const {
  for (const auto& member : resolved(schema)) {
    const auto error = keyword_error(member.key(), member.value(), resolved(schema), value, path);
    if (!error.empty()) return error;
  }
  return {};
}

const boost::json::object& Contract::resolved(const Value& schema) const {
  const auto* reference = schema.as_object().if_contains("$ref");
  if (reference == nullptr) return schema.as_object();
  const Object* object = &document_;
  std::string_view rest = std::string_view(reference->as_string()).substr(1);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(name.size());
    object = &object->at(name).as_object();
  }
  return *object;
}

const boost::json::object* Contract::json_content(const Value* holder,
                                                  std::string_view type) const {
  if (holder == nullptr) return nullptr;
  const auto* content = resolved(*holder).if_contains("content");
  const auto* found = content == nullptr ? nullptr : content->as_object().if_contains(type);
  return found == nullptr ? nullptr : &found->as_object();
}

std::string Contract::keyword_error(std::string_view keyword, const Value& rule,
                                    const Object& schema, const Value& value,
                                    const std::string& path) const {
  constexpr std::array notes = {"description", "examples", "default",
                                "format",      "$ref",     "writeOnly"};
  if (std::ranges::find(notes, keyword) != notes.end()) return {};
  bool good = false;
  if (keyword == "type") {
    good = rule.is_string() ? has_type(value, rule.as_string())
                            : std::ranges::any_of(rule.as_array(), [&](const Value& type) {
                                return has_type(value, type.as_string());
                              });
  } else if (keyword == "enum") {
    good = std::ranges::find(rule.as_array(), value) != rule.as_array().end();
  } else if (keyword == "const") {
    good = rule == value;
  } else if (keyword == "allOf" || keyword == "oneOf") {
    const auto matching = std::ranges::count_if(rule.as_array(), [&](const Value& option) {
      return value_error(option, value, path).empty();
    });
    good = keyword == "oneOf" ? matching == 1
                              : matching == static_cast<std::ptrdiff_t>(rule.as_array().size());
  } else if (value.is_object()) {
    return object_error(keyword, rule, schema, value.as_object(), path);
  } else if (value.is_array()) {
    return array_error(keyword, rule, value.as_array(), path);
  } else {
    good = scalar_ok(keyword, rule, value);
  }
  return good ? "" : path + " breaks " + std::string(keyword);
}

std::string Contract::object_error(std::string_view keyword, const Value& rule,
                                   const Object& schema, const Object& value,
                                   const std::string& path) const {
  if (keyword == "required") {
    for (const auto& name : rule.as_array()) {
      if (!value.contains(name.as_string())) {
        return path + "." + std::string(name.as_string()) + " is missing";
      }
    }
  } else if (keyword == "properties") {
    for (const auto& property : rule.as_object()) {
      if (const auto* member = value.if_contains(property.key())) {
        auto error =
            value_error(property.value(), *member, path + "." + std::string(property.key()));
        if (!error.empty()) return error;
      }
    }
  } else if (keyword == "minProperties") {
    if (value.size() < rule.to_number<std::size_t>()) return path + " has too few members";
  } else if (keyword == "additionalProperties") {
    const auto* known = schema.if_contains("properties");
    for (const auto& member : value) {
      const bool listed = known != nullptr && known->as_object().contains(member.key());
      if (!listed && rule == Value(false)) {
        return path + "." + std::string(member.key()) + " is not in the contract";
      }
    }
  } else {
    return path + ": unknown keyword " + std::string(keyword);
  }
  return {};
}

std::string Contract::array_error(std::string_view keyword, const Value& rule,
                                  const boost::json::array& value, const std::string& path) const {
  if (keyword == "items") {
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto error = value_error(rule, value[i], path + "[" + std::to_string(i) + "]");
      if (!error.empty()) return error;
    }
    return {};
  }
  const auto bound = rule.to_number<std::size_t>();
  if (keyword == "minItems") return value.size() >= bound ? "" : path + " is too short";
  if (keyword == "maxItems") return value.size() <= bound ? "" : path + " is too long";
  return path + ": unknown keyword " + std::string(keyword);
}

namespace {

// The judge itself is judged, or a hole in it would look like a clean record.
TEST(Contract, FindsWhatIsWrongWithAValue) {
  const Contract contract(R"({"s":{"T":{"type":"object","required":["a"],
    "additionalProperties":false,"properties":{"a":{"type":["integer","null"],"minimum":1},
    "b":{"type":"array","maxItems":1,"items":{"type":"string","pattern":"^x"}},
    "c":{"oneOf":[{"const":1},{"enum":[2,3]}]}}}}})");
  const auto schema = boost::json::parse(R"({"$ref":"#/s/T"})");
  const auto error = [&](const char* text) {
    return contract.value_error(schema, boost::json::parse(text));
  };
  EXPECT_EQ(error(R"({"a":1,"b":["xy"],"c":3})"), "");
  EXPECT_EQ(error(R"({"a":null})"), "");
  EXPECT_EQ(error("{}"), "$.a is missing");
  EXPECT_EQ(error(R"({"a":0})"), "$.a breaks minimum");
  EXPECT_EQ(error(R"({"a":"1"})"), "$.a breaks type");
  EXPECT_EQ(error(R"({"a":1,"z":1})"), "$.z is not in the contract");
  EXPECT_EQ(error(R"({"a":1,"b":["y"]})"), "$.b[0] breaks pattern");
  EXPECT_EQ(error(R"({"a":1,"b":["x","x"]})"), "$.b is too long");
  EXPECT_EQ(error(R"({"a":1,"c":4})"), "$.c breaks oneOf");
  EXPECT_EQ(error("[]"), "$ breaks type");
}

}  // namespace
}  // namespace rubricon::api
