#include <rubricon/api/body.hpp>

#include <rubricon/domain/text.hpp>
#include <rubricon/net/http_types.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace rubricon::api {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

enum class Objection { none, duplicate, nul };

/// Builds the value and looks at what the usual parser lets pass: names that come twice (it would
/// keep the last, others the first), and U+0000 (which databases and C strings cut texts at).
class Builder {
 public:
  static constexpr std::size_t max_object_size = body_bytes_max;
  static constexpr std::size_t max_array_size = body_bytes_max;
  static constexpr std::size_t max_key_size = body_bytes_max * 8;
  static constexpr std::size_t max_string_size = body_bytes_max * 8;

  using Error = boost::system::error_code;

  json::value release() { return stack_.release(); }
  Objection objection() const { return objection_; }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) {
    names_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t n, Error& error) {
    auto& names = names_.back();
    std::ranges::sort(names);
    const bool twice = std::ranges::adjacent_find(names) != names.end();
    names_.pop_back();
    if (twice) return refuse(Objection::duplicate, error);
    stack_.push_object(n);
    return true;
  }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t n, Error&) {
    stack_.push_array(n);
    return true;
  }
  bool on_key_part(json::string_view s, std::size_t, Error& error) {
    name_ += std::string_view(s);
    return add_chars(s, error);
  }
  bool on_key(json::string_view s, std::size_t, Error& error) {
    name_ += std::string_view(s);
    names_.back().push_back(std::exchange(name_, {}));
    if (!no_nul(s, error)) return false;
    stack_.push_key(s);
    return true;
  }
  bool on_string_part(json::string_view s, std::size_t, Error& error) {
    return add_chars(s, error);
  }
  bool on_string(json::string_view s, std::size_t, Error& error) {
    if (!no_nul(s, error)) return false;
    stack_.push_string(s);
    return true;
  }
  bool on_number_part(json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t i, json::string_view, Error&) {
    stack_.push_int64(i);
    return true;
  }
  bool on_uint64(std::uint64_t u, json::string_view, Error&) {
    stack_.push_uint64(u);
    return true;
  }
  bool on_double(double d, json::string_view, Error& error) {
    // What overflows would be written as a number that nobody can read back.
    if (!std::isfinite(d)) return refuse(Objection::none, error);
    stack_.push_double(d);
    return true;
  }
  bool on_bool(bool b, Error&) {
    stack_.push_bool(b);
    return true;
  }
  bool on_null(Error&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }

 private:
  bool add_chars(json::string_view s, Error& error) {
    if (!no_nul(s, error)) return false;
    stack_.push_chars(s);
    return true;
  }
  bool no_nul(json::string_view s, Error& error) {
    return std::string_view(s).contains('\0') ? refuse(Objection::nul, error) : true;
  }
  bool refuse(Objection why, Error& error) {
    objection_ = why;
    error = json::make_error_code(json::error::syntax);
    return false;
  }

  json::value_stack stack_;
  std::vector<std::vector<std::string>> names_;  ///< of each object that is open
  std::string name_;                             ///< of the key that is being read
  Objection objection_ = Objection::none;
};

std::unexpected<base::Error> refusal(const Builder& builder,
                                     const boost::system::error_code& error) {
  if (builder.objection() == Objection::duplicate) {
    return fail(ErrorCode::invalid, "A name comes twice in one object.", "duplicate_field");
  }
  if (builder.objection() == Objection::nul) {
    return fail(ErrorCode::invalid, "U+0000 is not allowed.", "nul");
  }
  if (error == json::error::too_deep) {
    return fail(ErrorCode::invalid, "The body has more than 32 levels.", "too_deep");
  }
  return fail(ErrorCode::invalid, "The body is not JSON.", "malformed_json");
}

}  // namespace

base::Result<json::object> parse_object(std::string_view body) {
  if (!domain::is_utf8(body)) {
    return fail(ErrorCode::invalid, "The body is not UTF-8.", "invalid_utf8");
  }
  if (body.contains('\0')) return fail(ErrorCode::invalid, "U+0000 is not allowed.", "nul");
  json::parse_options options;
  options.max_depth = body_depth_max;
  json::basic_parser<Builder> parser(options);
  boost::system::error_code error;
  const auto used = parser.write_some(false, body.data(), body.size(), error);
  if (!error && used < body.size()) error = json::make_error_code(json::error::extra_data);
  if (error) return refusal(parser.handler(), error);
  auto value = parser.handler().release();
  if (!value.is_object()) {
    return fail(ErrorCode::invalid, "The body must be a JSON object.", "invalid_type");
  }
  return std::move(value.get_object());
}

bool is_file_content_type(std::string_view content_type) {
  auto media = content_type.substr(0, content_type.find(';'));
  while (media.ends_with(' ') || media.ends_with('\t')) media.remove_suffix(1);
  const auto slash = media.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == media.size()) return false;
  return !net::equals_ignoring_case(media.substr(0, slash), "multipart") &&
         !net::equals_ignoring_case(media, "application/x-www-form-urlencoded") &&
         !net::equals_ignoring_case(media, "text/plain");
}

bool is_json_content_type(std::string_view content_type) {
  const auto end = content_type.find(';');
  auto media = content_type.substr(0, end);
  while (media.ends_with(' ') || media.ends_with('\t')) media.remove_suffix(1);
  if (!net::equals_ignoring_case(media, "application/json")) return false;
  if (end == std::string_view::npos) return true;
  auto parameters = content_type.substr(end + 1);
  while (parameters.starts_with(' ') || parameters.starts_with('\t')) parameters.remove_prefix(1);
  while (parameters.ends_with(' ') || parameters.ends_with('\t')) parameters.remove_suffix(1);
  return parameters.empty() || net::equals_ignoring_case(parameters, "charset=utf-8") ||
         net::equals_ignoring_case(parameters, "charset=\"utf-8\"");
}

}  // namespace rubricon::api
