/// JSON as it comes in: parsed strictly, so that what is stored and compared has one reading.
#pragma once

#include <rubricon/base/result.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <string_view>

namespace rubricon::api {

inline constexpr std::size_t body_bytes_max = 64 * 1024;
inline constexpr std::size_t body_depth_max = 32;

/// The object in `body`. Refusals, all `invalid`, by reason: "invalid_utf8", "nul" (U+0000, also as
/// \u0000), "malformed_json" (also where nothing is there), "too_deep" (more than `body_depth_max`
/// levels), "duplicate_field" (a name twice in one object, at any depth), "invalid_type" (another
/// value than an object).
base::Result<boost::json::object> parse_object(std::string_view body);

/// True for every type but those of HTML forms, whose body is not the file itself; false for none.
bool is_file_content_type(std::string_view content_type);

/// True for `application/json`, with or without parameters; a charset other than UTF-8 is refused.
bool is_json_content_type(std::string_view content_type);

}  // namespace rubricon::api
