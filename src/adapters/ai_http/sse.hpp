/// Server-sent events (WHATWG HTML §9.2) as a chat completion sends them, from bytes that arrive in
/// any pieces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_http {

struct SseEvent {
  std::string name;  ///< of its `event:` field; empty for the usual kind
  std::string data;  ///< its `data:` fields, with a line feed between two

  bool operator==(const SseEvent&) const = default;
};

struct SseLimits {
  std::size_t line_bytes_max = 256 * 1024;
  std::size_t event_bytes_max = 512 * 1024;  ///< of the data of one event
};

/// Pure. Comments, ids and retry times are read over; an event without data is none. What is not
/// closed by an empty line when the bytes end was cut, and never becomes an event.
class SseParser {
 public:
  explicit SseParser(SseLimits limits = {}) : limits_(limits) {}

  /// Appends the events that these bytes complete. False once a limit was broken: nothing is read
  /// any more. What follows `[DONE]` is ignored.
  bool feed(std::string_view bytes, std::vector<SseEvent>& events);

  /// The server said `data: [DONE]`.
  bool done() const { return done_; }
  bool failed() const { return failed_; }

 private:
  void end_line(std::vector<SseEvent>& events);
  void take_field(std::string_view name, std::string_view value);
  void dispatch(std::vector<SseEvent>& events);

  SseLimits limits_;
  std::string line_;
  SseEvent event_;
  bool has_data_ = false;
  bool first_line_ = true;
  bool after_cr_ = false;  ///< a line feed that follows belongs to it
  bool done_ = false;
  bool failed_ = false;
};

}  // namespace rubricon::ai_http
