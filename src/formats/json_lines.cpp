#include <rubricon/formats/json_lines.hpp>

#include <cmath>

namespace rubricon::formats {
namespace {

namespace json = boost::json;

void write(std::string& out, const json::value& value, std::size_t depth) {
  const auto line = [&out](std::size_t to) { out += "\n" + std::string(2 * to, ' '); };
  std::size_t written = 0;
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    out += '{';
    for (const auto& member : *object) {
      if (written++ > 0) out += ',';
      line(depth + 1);
      out += json::serialize(member.key()) + ": ";
      write(out, member.value(), depth + 1);
    }
    line(depth);
    out += '}';
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    out += '[';
    for (const auto& element : *array) {
      if (written++ > 0) out += ',';
      line(depth + 1);
      write(out, element, depth + 1);
    }
    line(depth);
    out += ']';
  } else if (const auto* decimal = value.if_double()) {
    out += to_string(domain::Amount::hundredths(std::llround(*decimal * 100)));
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string json_lines(const json::value& value) {
  std::string out;
  write(out, value, 0);
  return out + "\n";
}

json::value json_number(domain::Amount amount) {
  const auto hundredths = amount.in_hundredths();
  if (hundredths % 100 == 0) return hundredths / 100;
  return static_cast<double>(hundredths) / 100.0;
}

}  // namespace rubricon::formats
