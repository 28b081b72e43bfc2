/// JSON text to and from values, with the limits that text from strangers needs and the habits that
/// JavaScript clients expect.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::socketio {

struct JsonLimits {
  /// Nesting of arrays and objects. Enough for any message, little enough for any stack.
  std::size_t depth_max = 64;
  /// Scalars, arrays, objects and keys together: bounds what a short text can cost in memory.
  std::size_t values_max = 100'000;
};

/// Parses one JSON text, or nothing when it is malformed, not UTF-8 or over a limit. Linear time.
/// Integers keep their 64 bits. Escaped lone surrogates, which JavaScript strings can hold and
/// UTF-8 cannot, become U+FFFD.
std::optional<boost::json::value> parse_json(std::string_view text, const JsonLimits& limits);

/// Appends `value` in compact form: UTF-8 as it is, doubles in their shortest form, numbers that
/// are not finite as null (as JavaScript has it). Iterates; safe at any depth.
void append_json(std::string& out, const boost::json::value& value);
/// Appends `text` with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace rubricon::socketio
