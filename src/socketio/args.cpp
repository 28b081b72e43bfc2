#include <rubricon/socketio/args.hpp>

#include <boost/json/object.hpp>

namespace rubricon::socketio {

namespace json = boost::json;

Args::Args(std::initializer_list<Arg> items) {
  values_.reserve(items.size());
  for (const auto& item : items) {
    if (const auto* bytes = std::get_if<Binary>(&item.content())) {
      push(*bytes);
    } else {
      push(std::get<json::value>(item.content()));
    }
  }
}

Args::Args(json::array values, std::vector<Binary> attachments)
    : values_(std::move(values)), attachments_(std::move(attachments)) {}

const json::value& Args::operator[](std::size_t index) const {
  static const json::value missing;
  return index < values_.size() ? values_[index] : missing;
}

void Args::push(json::value value) {
  values_.push_back(std::move(value));
}

void Args::push(Binary bytes) {
  values_.push_back(attach(std::move(bytes)));
}

json::value Args::attach(Binary bytes) {
  attachments_.push_back(std::move(bytes));
  return json::object{{"_placeholder", true}, {"num", attachments_.size() - 1}};
}

void Args::pop_front() {
  if (!values_.empty()) values_.erase(values_.begin());
}

const Binary* Args::binary(const json::value& value) const {
  const auto* object = value.if_object();
  if (object == nullptr) return nullptr;
  const auto* mark = object->if_contains("_placeholder");
  const auto* num = object->if_contains("num");
  if (mark == nullptr || num == nullptr || !mark->is_bool() || !mark->get_bool()) return nullptr;
  json::error_code error;
  const auto index = num->to_number<std::size_t>(error);
  if (error || index >= attachments_.size()) return nullptr;
  return &attachments_[index];
}

}  // namespace rubricon::socketio
