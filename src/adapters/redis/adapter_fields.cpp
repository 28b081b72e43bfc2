#include <rubricon/redis/adapter_fields.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace rubricon::redis {

std::optional<std::string> text_field(const boost::json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<std::vector<std::string>> texts_field(const boost::json::object& object,
                                                    const char* name) {
  const auto* value = object.if_contains(name);
  if (!value || value->is_null()) return std::vector<std::string>{};
  if (!value->is_array() || value->get_array().size() > adapter_rooms_max) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& each : value->get_array()) {
    if (!each.is_string()) return std::nullopt;
    texts.emplace_back(each.get_string());
  }
  return texts;
}

}  // namespace rubricon::redis
