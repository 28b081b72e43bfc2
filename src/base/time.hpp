/// Time as the wire and the database have it: UTC in whole milliseconds.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::base {

using Milliseconds = std::chrono::milliseconds;
/// Wall-clock time, UTC. For what people see and what is stored; never for measuring.
using Time = std::chrono::sys_time<Milliseconds>;
/// Monotonic time. For deadlines and leases inside one process.
using Instant = std::chrono::steady_clock::time_point;

/// RFC 3339 with milliseconds and Z: "2026-11-22T21:48:35.123Z".
std::string format_time(Time time);

/// Accepts exactly what `format_time` writes.
std::optional<Time> parse_time(std::string_view text);

constexpr std::int64_t unix_ms(Time time) {
  return time.time_since_epoch().count();
}
constexpr Time time_from_unix_ms(std::int64_t ms) {
  return Time(Milliseconds(ms));
}

}  // namespace rubricon::base
