#include <rubricon/observability/log.hpp>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace rubricon::observability {
namespace {

constexpr std::size_t value_size_max = 4 * 1024;
constexpr std::size_t record_size_max = 16 * 1024;
constexpr std::size_t spare = 1024;  // for a key, the message and the end of the record
constexpr std::size_t repeated_events_max = 1'000;

constexpr std::array level_names = {"debug", "info", "warn", "error"};
constexpr std::array level_columns = {"DEBUG", "INFO ", "WARN ", "ERROR"};

/// Size of the UTF-8 character at the front of `text`, 0 when there is none.
std::size_t character_size(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  std::size_t size = first < 0x80 ? 1 : 0;
  if (first >= 0xC2) size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (size < 3) return size;
  const unsigned second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return overlong || outside ? 0 : size;
}

/// As the inside of a JSON string; what is not UTF-8 becomes U+FFFD. One record stays one line and
/// cannot forge another.
void append_escaped(std::string& out, std::string_view text) {
  const std::size_t size_max = out.size() + value_size_max;
  while (!text.empty() && out.size() < size_max) {
    const auto size = character_size(text);
    const auto c = static_cast<unsigned char>(text.front());
    if (size == 0) {
      out.append("\\ufffd");
    } else if (c == '"' || c == '\\') {
      out.append({'\\', static_cast<char>(c)});
    } else if (c < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else {
      out.append(text.substr(0, size));
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  append_escaped(out, text);
  out.push_back('"');
}

struct JsonValue {
  std::string& out;
  void operator()(std::string_view text) const { append_quoted(out, text); }
  void operator()(bool value) const { out.append(value ? "true" : "false"); }
  void operator()(double value) const {
    out.append(std::isfinite(value) ? fmt::format("{}", value) : "null");
  }
  void operator()(auto integer) const { out.append(fmt::format("{}", integer)); }
};

struct TextValue {
  std::string& out;
  void operator()(std::string_view text) const {
    const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
      return c > 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '=';
    });
    if (plain && text.size() <= value_size_max) {
      out.append(text);
    } else {
      append_quoted(out, text);
    }
  }
  void operator()(bool value) const { out.append(value ? "true" : "false"); }
  void operator()(auto number) const { out.append(fmt::format("{}", number)); }
};

std::string to_json(base::Time now, Level level, std::string_view event,
                    std::initializer_list<Fields> all_fields) {
  std::string out = "{\"@timestamp\":\"" + base::format_time(now) + "\",\"log.level\":\"" +
                    level_names[static_cast<std::size_t>(level)] +
                    "\",\"ecs.version\":\"8.11\",\"service.name\":\"rubricon\",\"event.action\":";
  append_quoted(out, event);
  bool has_message = false;
  for (const auto& fields : all_fields) {
    for (const auto& field : fields) {
      if (out.size() + value_size_max + spare > record_size_max) break;
      const bool is_ecs = field.key == "message" || field.key.contains('.');
      has_message |= field.key == "message";
      out.append(is_ecs ? ",\"" : ",\"rubricon.").append(field.key).append("\":");
      std::visit(JsonValue{out}, field.value);
    }
  }
  if (!has_message) {
    out.append(",\"message\":");
    append_quoted(out, event);
  }
  return out.append("}");
}

std::string to_text(base::Time now, Level level, std::string_view event,
                    std::initializer_list<Fields> all_fields) {
  // "2026-11-22T21:48:35.123Z": a person at a terminal wants the time of day.
  auto out = base::format_time(now).substr(11, 12);
  out.append(" ").append(level_columns[static_cast<std::size_t>(level)]).append(" ").append(event);
  for (const auto& fields : all_fields) {
    for (const auto& field : fields) {
      if (out.size() + value_size_max + spare > record_size_max) break;
      out.append(" ").append(field.key).append("=");
      std::visit(TextValue{out}, field.value);
    }
  }
  return out;
}

Log::Sink standard_output() {
  auto logger = std::make_shared<spdlog::logger>("rubricon",
                                                 std::make_shared<spdlog::sinks::stdout_sink_mt>());
  logger->set_pattern("%v");
  logger->flush_on(spdlog::level::info);
  return [logger](std::string_view line) {
    logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  };
}

}  // namespace

struct Log::State {
  LogOptions options;
  Now now;
  Sink sink;

  /// What `repeated` has seen of an event in its current window.
  struct Window {
    base::Time since;
    std::uint32_t passed = 0;
    std::uint64_t suppressed = 0;
  };
  std::mutex mutex;
  std::map<std::string, Window, std::less<>> windows;

  /// How many records were held back since the last that passed, or nothing to hold this one back.
  std::optional<std::uint64_t> pass(std::string_view event, base::Time at) {
    const std::lock_guard lock(mutex);
    auto window = windows.find(event);
    if (window == windows.end()) {
      if (windows.size() >= repeated_events_max) return std::nullopt;
      window = windows.emplace(event, Window{.since = at}).first;
    }
    auto& [since, passed, suppressed] = window->second;
    if (at - since >= options.repeated_window) {
      since = at;
      passed = 0;
    }
    if (passed >= options.repeated_max) {
      ++suppressed;
      return std::nullopt;
    }
    ++passed;
    return std::exchange(suppressed, 0);
  }

  void emit(base::Time at, Level level, std::string_view event,
            std::initializer_list<Fields> fields) {
    const bool json = options.format == LogFormat::json;
    sink(json ? to_json(at, level, event, fields) : to_text(at, level, event, fields));
  }
};

Log::Log() = default;

Log::Log(LogOptions options, Now now, Sink sink)
    : state_(std::make_unique<State>(options, std::move(now),
                                     sink ? std::move(sink) : standard_output())) {}

Log::~Log() = default;

void Log::write(Level level, std::string_view event, Fields fields) {
  if (!state_ || level < state_->options.level) return;
  state_->emit(state_->now(), level, event, {fields});
}

void Log::repeated(Level level, std::string_view event, Fields fields) {
  if (!state_ || level < state_->options.level) return;
  const auto now = state_->now();
  const auto suppressed = state_->pass(event, now);
  if (!suppressed) return;
  if (*suppressed == 0) return state_->emit(now, level, event, {fields});
  state_->emit(now, level, event, {fields, {{"suppressed", *suppressed}}});
}

}  // namespace rubricon::observability
