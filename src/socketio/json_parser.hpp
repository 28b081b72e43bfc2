/// Boost.JSON's parser with doubles as exact as JavaScript reads them. Internal to this module.
///
/// The library (1.81) multiplies mantissa and power of ten, which misses the nearest double for
/// many numbers of 17 digits, so that what one client sent would not be what another receives.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace rubricon::socketio {

/// Standard JSON in valid UTF-8, nested at most `depth_max` deep.
std::optional<boost::json::value> parse_exactly(std::string_view text, std::size_t depth_max);

}  // namespace rubricon::socketio
