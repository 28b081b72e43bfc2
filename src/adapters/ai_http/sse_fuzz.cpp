// Any bytes as a stream of events: the same events in one piece and in many, within the limits.
#include <rubricon/ai_http/sse.hpp>
#include <rubricon/base/assert.hpp>

#include <algorithm>
#include <cstdint>

namespace {

using namespace rubricon::ai_http;

constexpr SseLimits limits{.line_bytes_max = 256, .event_bytes_max = 512};

std::vector<SseEvent> parse(std::string_view bytes, std::size_t step, bool& failed) {
  SseParser parser(limits);
  std::vector<SseEvent> events;
  while (!bytes.empty()) {
    parser.feed(bytes.substr(0, step), events);
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
  failed = parser.failed();
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  bool failed = false;
  bool failed_in_pieces = false;
  const auto events = parse(bytes, size, failed);
  RUBRICON_ASSERT(events == parse(bytes, data[0] % 16 + 1, failed_in_pieces));
  RUBRICON_ASSERT(failed == failed_in_pieces);
  for (const auto& event : events) RUBRICON_ASSERT(event.data.size() <= limits.event_bytes_max);
  return 0;
}
