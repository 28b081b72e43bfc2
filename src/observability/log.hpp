/// One structured record a line: an event name and fields, in Elastic Common Schema names for
/// machines or as plain text for a terminal. Message text, tokens and whole session ids never
/// belong in a field.
#pragma once

#include <rubricon/base/time.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace rubricon::observability {

enum class Level { debug, info, warning, error };
enum class LogFormat { json, text };

/// A key and a value; both views live only for the call. A key with a dot is an ECS name and is
/// written as it is ("trace.id", "client.ip"); any other is ours and written as "rubricon.<key>".
/// Units are suffixes of the key: `lag_ms`, `size_bytes`.
struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <std::signed_integral T>
  Field(std::string_view k, T v) : key(k), value(static_cast<std::int64_t>(v)) {}
  template <std::unsigned_integral T>
  Field(std::string_view k, T v) : key(k), value(static_cast<std::uint64_t>(v)) {}
};

using Fields = std::initializer_list<Field>;

struct LogOptions {
  LogFormat format = LogFormat::json;
  Level level = Level::info;  ///< records below it are not written
  /// `repeated` lets this many records of one event pass in each window.
  std::uint32_t repeated_max = 5;
  base::Milliseconds repeated_window{60'000};
};

/// Safe to call from any thread. Writing never throws; a record is at most 16 KiB: values are
/// cut at 4 KiB, and fields for which there is no room are left away.
class Log {
 public:
  using Now = std::function<base::Time()>;
  /// Receives a finished line without its end of line. Must be safe to call from any thread.
  using Sink = std::function<void(std::string_view line)>;

  /// Writes nothing: for tests.
  Log();
  /// `sink` empty: standard output.
  Log(LogOptions options, Now now, Sink sink = {});
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// `event` is "<module>.<what happened>", such as "outbox.published".
  void write(Level level, std::string_view event, Fields fields = {});
  void debug(std::string_view event, Fields fields = {}) { write(Level::debug, event, fields); }
  void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
  void warn(std::string_view event, Fields fields = {}) { write(Level::warning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { write(Level::error, event, fields); }

  /// As `write`, for faults that repeat: beyond `repeated_max` a window, records of this event are
  /// only counted; the next one that passes carries their number as `suppressed`.
  void repeated(Level level, std::string_view event, Fields fields = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rubricon::observability
