/// W3C Trace Context: which trace a request, an event or a job belongs to, as carried by the
/// `traceparent` header.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::observability {

struct TraceContext {
  std::array<std::uint8_t, 16> trace_id{};  ///< never all zero in a valid context
  std::array<std::uint8_t, 8> span_id{};    ///< never all zero in a valid context
  bool sampled = false;

  /// Accepts version 00 exactly and later versions by their first four fields, as the
  /// recommendation asks; upper case, version ff and zero ids are refused.
  static std::optional<TraceContext> parse(std::string_view traceparent);

  /// A new trace. `random` comes from a cryptographic source.
  static TraceContext create(const std::array<std::uint8_t, 24>& random, bool sampled_flag);

  /// The same trace, with the span of the next piece of work.
  TraceContext child(const std::array<std::uint8_t, 8>& random) const;

  /// "00-<32 hex>-<16 hex>-<01 or 00>".
  std::string to_string() const;
  /// 32 hex digits, the `traceId` of problem documents and `trace.id` of logs.
  std::string trace_id_text() const;

  bool operator==(const TraceContext&) const = default;
};

}  // namespace rubricon::observability
