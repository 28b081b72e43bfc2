#include <rubricon/net/http_body.hpp>

#include <algorithm>

namespace rubricon::net {
namespace {

constexpr std::uint32_t overhead_max = 4'096;
constexpr std::uint8_t size_digits_max = 15;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
}

}  // namespace

BodyDecoder::BodyDecoder(BodyFraming framing, std::uint64_t content_length) {
  if (framing == BodyFraming::chunked) state_ = State::size;
  if (framing == BodyFraming::length && content_length > 0) {
    state_ = State::fixed;
    remaining_ = content_length;
  }
}

BodyDecoder::Output BodyDecoder::next(std::string_view& bytes) {
  while (state_ != State::done && state_ != State::failed) {
    if (bytes.empty()) return {};
    if (state_ == State::fixed || state_ == State::chunk) return take_data(bytes);
    state_ = step(bytes.front());
    bytes.remove_prefix(1);
  }
  return {.status = state_ == State::done ? Status::done : Status::failed};
}

BodyDecoder::Output BodyDecoder::take_data(std::string_view& bytes) {
  const auto data = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), remaining_));
  bytes.remove_prefix(data.size());
  remaining_ -= data.size();
  if (remaining_ == 0) state_ = state_ == State::fixed ? State::done : State::chunk_return;
  return {.status = Status::data, .data = data};
}

/// One byte of what is between the data of chunks. Every line ends with exactly CR LF.
BodyDecoder::State BodyDecoder::step(char c) {
  switch (state_) {
    case State::size: return step_size(c);
    case State::extension:
      if (c == '\r') return State::size_line_feed;
      return is_text(c) && ++overhead_ <= overhead_max ? State::extension : State::failed;
    case State::size_line_feed:
      if (c != '\n') return State::failed;
      size_digits_ = 0;
      return remaining_ > 0 ? State::chunk : State::trailer_start;
    case State::chunk_return: return c == '\r' ? State::chunk_line_feed : State::failed;
    case State::chunk_line_feed: return c == '\n' ? State::size : State::failed;
    case State::trailer_start:
    case State::trailer: return step_trailer(c);
    case State::trailer_line_feed: return c == '\n' ? State::trailer_start : State::failed;
    case State::last_line_feed: return c == '\n' ? State::done : State::failed;
    default: return State::failed;
  }
}

BodyDecoder::State BodyDecoder::step_size(char c) {
  if (const int digit = hex_value(c); digit >= 0) {
    if (++size_digits_ > size_digits_max) return State::failed;
    remaining_ = remaining_ << 4 | static_cast<std::uint64_t>(digit);
    return State::size;
  }
  if (size_digits_ == 0) return State::failed;
  if (c == ';') return State::extension;
  return c == '\r' ? State::size_line_feed : State::failed;
}

/// Trailer fields are dropped, so only their size and characters are checked.
BodyDecoder::State BodyDecoder::step_trailer(char c) {
  if (c == '\r') {
    return state_ == State::trailer_start ? State::last_line_feed : State::trailer_line_feed;
  }
  const bool folded = state_ == State::trailer_start && (c == ' ' || c == '\t');
  return is_text(c) && !folded && ++overhead_ <= overhead_max ? State::trailer : State::failed;
}

}  // namespace rubricon::net
