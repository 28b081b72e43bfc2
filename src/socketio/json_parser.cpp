#include <rubricon/socketio/json_parser.hpp>

#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value_stack.hpp>

#include <charconv>
#include <cstdint>

namespace rubricon::socketio {
namespace {

namespace json = boost::json;
using Text = json::string_view;
using Error = json::error_code;

/// Receives the pieces of a text, as `json::basic_parser` wants it, and builds a value of them.
class ExactHandler {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  ExactHandler() { stack_.reset(); }
  json::value release() { return stack_.release(); }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t count, Error&) { return stack_.push_object(count), true; }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t count, Error&) { return stack_.push_array(count), true; }
  bool on_key_part(Text text, std::size_t, Error&) { return stack_.push_chars(text), true; }
  bool on_key(Text text, std::size_t, Error&) { return stack_.push_key(text), true; }
  bool on_string_part(Text text, std::size_t, Error&) { return stack_.push_chars(text), true; }
  bool on_string(Text text, std::size_t, Error&) { return stack_.push_string(text), true; }
  bool on_number_part(Text, Error&) { return true; }
  bool on_int64(std::int64_t number, Text, Error&) { return stack_.push_int64(number), true; }
  bool on_uint64(std::uint64_t number, Text, Error&) { return stack_.push_uint64(number), true; }
  bool on_double(double rough, Text text, Error&) {
    double exact = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, exact);
    // Out of range the library is right: infinity or zero.
    const bool whole = read.ec == std::errc() && read.ptr == end;
    return stack_.push_double(whole ? exact : rough), true;
  }
  bool on_bool(bool flag, Error&) { return stack_.push_bool(flag), true; }
  bool on_null(Error&) { return stack_.push_null(), true; }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

 private:
  json::value_stack stack_;
};

}  // namespace

std::optional<json::value> parse_exactly(std::string_view text, std::size_t depth_max) {
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<ExactHandler> parser(options);
  Error error;
  const auto used = parser.write_some(false, text.data(), text.size(), error);
  if (error || used != text.size()) return std::nullopt;
  return parser.handler().release();
}

}  // namespace rubricon::socketio
