#include <rubricon/ai_http/sse.hpp>

#include <utility>

namespace rubricon::ai_http {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view end_of_stream = "[DONE]";

}  // namespace

bool SseParser::feed(std::string_view bytes, std::vector<SseEvent>& events) {
  while (!bytes.empty() && !done_ && !failed_) {
    if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const auto end = bytes.find_first_of("\r\n");
    const auto piece = bytes.substr(0, end);
    if (line_.size() + piece.size() > limits_.line_bytes_max) {
      failed_ = true;
      break;
    }
    line_ += piece;
    if (end == std::string_view::npos) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    end_line(events);
  }
  return !failed_;
}

void SseParser::end_line(std::vector<SseEvent>& events) {
  const auto text = std::exchange(line_, {});
  std::string_view line = text;
  if (std::exchange(first_line_, false) && line.starts_with(byte_order_mark)) {
    line.remove_prefix(byte_order_mark.size());
  }
  if (line.empty()) return dispatch(events);
  const auto colon = line.find(':');
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value);
}

void SseParser::take_field(std::string_view name, std::string_view value) {
  if (name == "event") event_.name = value;
  if (name != "data") return;
  if (event_.data.size() + value.size() + 1 > limits_.event_bytes_max) {
    failed_ = true;
    return;
  }
  if (has_data_) event_.data += '\n';
  event_.data += value;
  has_data_ = true;
}

void SseParser::dispatch(std::vector<SseEvent>& events) {
  auto event = std::exchange(event_, {});
  if (!std::exchange(has_data_, false) || failed_) return;
  if (event.data == end_of_stream) {
    done_ = true;
  } else {
    events.push_back(std::move(event));
  }
}

}  // namespace rubricon::ai_http
