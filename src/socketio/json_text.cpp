#include <rubricon/socketio/json_text.hpp>

#include <rubricon/socketio/json_parser.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

namespace rubricon::socketio {
namespace {

namespace json = boost::json;

/// What one pass over a text tells without building anything.
struct TextShape {
  std::size_t depth = 0;
  std::size_t values = 1;  ///< an upper bound: one more than the separators
  bool surrogate_escapes = false;
};

/// Passes over a string whose quote is at `i`; returns the index of its closing quote, or the size.
std::size_t skip_string(std::string_view text, std::size_t i, TextShape& shape) {
  for (++i; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\') continue;
    ++i;
    if (i + 2 < text.size() && text[i] == 'u' && (text[i + 1] | 0x20) == 'd') {
      shape.surrogate_escapes = true;
    }
  }
  return i;
}

TextShape measure(std::string_view text) {
  TextShape shape;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '"': i = skip_string(text, i, shape); break;
      case '[':
      case '{':
        shape.depth = std::max(shape.depth, ++depth);
        ++shape.values;
        break;
      case ']':
      case '}': depth -= depth > 0; break;
      case ',':
      case ':': ++shape.values; break;
      default: break;
    }
  }
  return shape;
}

/// The UTF-16 unit that `\uXXXX` at `i` escapes, if it is one.
std::optional<std::uint32_t> escaped_unit(std::string_view text, std::size_t i) {
  if (i + 6 > text.size() || text[i] != '\\' || text[i + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const char* begin = text.data() + i + 2;
  const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
  if (error != std::errc() || end != begin + 4) return std::nullopt;
  return unit;
}

bool is_high(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(std::uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// Replaces the escapes of surrogates that have no partner.
std::string mend_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out += text[i++];
      continue;
    }
    const auto unit = escaped_unit(text, i);
    if (!unit) {
      out += text.substr(i, 2);
      i += 2;
      continue;
    }
    const auto next = is_high(*unit) ? escaped_unit(text, i + 6) : std::nullopt;
    if (next && is_low(*next)) {
      out += text.substr(i, 12);
      i += 12;
      continue;
    }
    out += is_high(*unit) || is_low(*unit) ? std::string_view("\\ufffd") : text.substr(i, 6);
    i += 6;
  }
  return out;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += hex[byte >> 4];
  out += hex[byte & 15];
}

template <typename Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  out.append(buffer.data(), end);
}

void append_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
  } else if (number == std::trunc(number) && std::abs(number) < 1e15) {
    append_number(out, static_cast<std::int64_t>(number));
  } else {
    append_number(out, number);
  }
}

/// An array or object that is being written, and how far it is.
struct Level {
  const json::value* container;
  std::size_t next = 0;
};

/// Writes a scalar, or opens a container and pushes it.
void begin_value(std::string& out, const json::value& value, std::vector<Level>& levels) {
  switch (value.kind()) {
    case json::kind::null: out += "null"; return;
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case json::kind::int64: append_number(out, value.get_int64()); return;
    case json::kind::uint64: append_number(out, value.get_uint64()); return;
    case json::kind::double_: append_double(out, value.get_double()); return;
    case json::kind::string: append_json_string(out, value.get_string()); return;
    case json::kind::array: out += '['; break;
    case json::kind::object: out += '{'; break;
  }
  levels.push_back({&value});
}

/// Writes the next element of the innermost container, or closes it.
void step(std::string& out, std::vector<Level>& levels) {
  Level& level = levels.back();
  const auto index = level.next++;
  if (const auto* array = level.container->if_array()) {
    if (index == array->size()) {
      out += ']';
      levels.pop_back();
      return;
    }
    if (index > 0) out += ',';
    begin_value(out, (*array)[index], levels);
    return;
  }
  const auto& object = level.container->get_object();
  if (index == object.size()) {
    out += '}';
    levels.pop_back();
    return;
  }
  if (index > 0) out += ',';
  const auto& member = *(object.begin() + static_cast<std::ptrdiff_t>(index));
  append_json_string(out, member.key());
  out += ':';
  begin_value(out, member.value(), levels);
}

}  // namespace

std::optional<json::value> parse_json(std::string_view text, const JsonLimits& limits) {
  const auto shape = measure(text);
  if (shape.depth > limits.depth_max || shape.values > limits.values_max) return std::nullopt;
  return shape.surrogate_escapes ? parse_exactly(mend_surrogates(text), limits.depth_max)
                                 : parse_exactly(text, limits.depth_max);
}

void append_json(std::string& out, const json::value& value) {
  std::vector<Level> levels;
  begin_value(out, value, levels);
  while (!levels.empty()) step(out, levels);
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out += text.substr(plain, i - plain);
    append_escape(out, c);
    plain = i + 1;
  }
  out += text.substr(plain);
  out += '"';
}

}  // namespace rubricon::socketio
