#include <rubricon/observability/trace_context.hpp>

#include <algorithm>
#include <span>

namespace rubricon::observability {
namespace {

constexpr std::size_t size_of_version_00 = 55;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool read_hex(std::string_view text, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

void append_hex(std::string& text, std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const auto byte : bytes) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
}

bool is_zero(std::span<const std::uint8_t> bytes) {
  return std::ranges::all_of(bytes, [](auto byte) { return byte == 0; });
}

/// Zero is no id; random bytes are zero once in 2^64 times.
void make_valid(std::span<std::uint8_t> id) {
  if (is_zero(id)) id.back() = 1;
}

}  // namespace

std::optional<TraceContext> TraceContext::parse(std::string_view traceparent) {
  if (traceparent.size() < size_of_version_00) return std::nullopt;
  std::array<std::uint8_t, 1> version;
  std::array<std::uint8_t, 1> flags;
  TraceContext context;
  if (!read_hex(traceparent.substr(0, 2), version) || traceparent[2] != '-' ||
      !read_hex(traceparent.substr(3, 32), context.trace_id) || traceparent[35] != '-' ||
      !read_hex(traceparent.substr(36, 16), context.span_id) || traceparent[52] != '-' ||
      !read_hex(traceparent.substr(53, 2), flags)) {
    return std::nullopt;
  }
  const bool longer = traceparent.size() > size_of_version_00;
  if (version[0] == 0xFF || (longer && (version[0] == 0 || traceparent[55] != '-'))) {
    return std::nullopt;
  }
  if (is_zero(context.trace_id) || is_zero(context.span_id)) return std::nullopt;
  context.sampled = (flags[0] & 1) != 0;
  return context;
}

TraceContext TraceContext::create(const std::array<std::uint8_t, 24>& random, bool sampled_flag) {
  TraceContext context;
  std::copy_n(random.begin(), context.trace_id.size(), context.trace_id.begin());
  std::copy_n(random.begin() + 16, context.span_id.size(), context.span_id.begin());
  make_valid(context.trace_id);
  make_valid(context.span_id);
  context.sampled = sampled_flag;
  return context;
}

TraceContext TraceContext::child(const std::array<std::uint8_t, 8>& random) const {
  TraceContext context = *this;
  context.span_id = random;
  make_valid(context.span_id);
  return context;
}

std::string TraceContext::to_string() const {
  std::string text = "00-";
  append_hex(text, trace_id);
  text.push_back('-');
  append_hex(text, span_id);
  text.append(sampled ? "-01" : "-00");
  return text;
}

std::string TraceContext::trace_id_text() const {
  std::string text;
  append_hex(text, trace_id);
  return text;
}

}  // namespace rubricon::observability
