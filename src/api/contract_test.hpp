/// contract/openapi.yaml as a judge of what is really sent: enough of JSON Schema 2020-12 to check
/// every form that the contract uses. A keyword that it does not know is a failure, so that nothing
/// is believed to be checked that is not.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace rubricon::api {

class Contract {
 public:
  explicit Contract(std::string_view document);

  const boost::json::object& paths() const { return document_.at("paths").as_object(); }

  /// The operation; nullptr where there is none.
  const boost::json::object* operation(std::string_view pattern, std::string_view method) const;

  /// The schema of an operation's JSON body; nullptr where it has none.
  const boost::json::object* request_schema(const boost::json::object& operation) const;

  /// The first example of an operation's body, from the body or from its schema; null without one.
  boost::json::value request_example(const boost::json::object& operation) const;

  /// What is wrong with a response; empty where nothing is.
  std::string response_error(const boost::json::object& operation, unsigned status,
                             std::string_view type, std::string_view body) const;

  /// What is wrong with a value, with its path; empty where nothing is.
  std::string value_error(const boost::json::value& schema, const boost::json::value& value,
                          const std::string& path = "$") const;

 private:
  using Value = boost::json::value;
  using Object = boost::json::object;

  const Object& resolved(const Value& schema) const;
  const Object* json_content(const Value* holder, std::string_view type) const;
  std::string keyword_error(std::string_view keyword, const Value& rule, const Object& schema,
                            const Value& value, const std::string& path) const;
  std::string object_error(std::string_view keyword, const Value& rule, const Object& schema,
                           const Object& value, const std::string& path) const;
  std::string array_error(std::string_view keyword, const Value& rule,
                          const boost::json::array& value, const std::string& path) const;

  Object document_;
};

}  // namespace rubricon::api
