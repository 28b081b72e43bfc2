#include <rubricon/net/websocket_codec.hpp>

#include <rubricon/base/assert.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace rubricon::net {
namespace {

constexpr std::uint8_t opcode_continuation = 0x0;
constexpr std::uint8_t opcode_text = 0x1;
constexpr std::uint8_t opcode_binary = 0x2;
constexpr std::uint8_t opcode_close = 0x8;
constexpr std::uint8_t opcode_ping = 0x9;
constexpr std::uint8_t opcode_pong = 0xA;
constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::size_t control_payload_max = 125;

SharedFrame make_frame(std::uint8_t opcode, std::string_view first, std::string_view second = {}) {
  const std::uint64_t size = first.size() + second.size();
  std::array<char, 10> header;
  std::size_t header_size = 2;
  header[0] = static_cast<char>(final_bit | opcode);
  if (size <= control_payload_max) {
    header[1] = static_cast<char>(size);
  } else {
    const std::size_t length_size = size <= 0xFFFF ? 2 : 8;
    header[1] = length_size == 2 ? 126 : 127;
    for (std::size_t i = 0; i < length_size; ++i) {
      header[2 + i] = static_cast<char>(size >> (8 * (length_size - 1 - i)));
    }
    header_size += length_size;
  }
  auto frame = std::make_shared<std::string>();
  frame->reserve(header_size + size);
  frame->append(header.data(), header_size).append(first).append(second);
  return frame;
}

/// Cuts at a character's border, so that a reason stays valid UTF-8.
std::string_view cut_text(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return text;
  std::size_t end = size_max;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string_view view(std::span<const char> bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace

SharedFrame text_frame(std::string_view payload) {
  return make_frame(opcode_text, payload);
}

SharedFrame binary_frame(std::string_view payload) {
  return make_frame(opcode_binary, payload);
}

SharedFrame pong_frame(std::string_view payload) {
  return make_frame(opcode_pong, payload.substr(0, control_payload_max));
}

SharedFrame close_frame(std::uint16_t code, std::string_view reason) {
  if (code == close_no_status) return make_frame(opcode_close, {});
  RUBRICON_ASSERT(is_valid_close_code(code));
  const std::array<char, 2> digits{static_cast<char>(code >> 8), static_cast<char>(code)};
  return make_frame(opcode_close, view(digits),
                    cut_text(reason, control_payload_max - digits.size()));
}

bool is_valid_close_code(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

WebSocketInput WebSocketDecoder::next(std::span<char>& bytes) {
  // What the previous call returned may have been a view of these.
  if (state_ == State::header && header_size_ == 0) {
    if (message_opcode_ == 0 && !message_.empty()) std::string().swap(message_);
    if (!control_.empty()) std::string().swap(control_);
  }
  while (state_ != State::ended) {
    if (state_ == State::header) {
      if (!take_header(bytes)) return {};
      if (const auto code = check_header()) return fail(code);
      state_ = State::payload;
    }
    const auto part = bytes.first(std::min<std::uint64_t>(bytes.size(), remaining_));
    bytes = bytes.subspan(part.size());
    remaining_ -= part.size();
    unmask(part);
    const bool is_control = (header_[0] & 0x08) != 0;
    if (!is_control && message_opcode_ == opcode_text && !utf8_.feed(view(part))) {
      return fail(close_bad_data);
    }
    auto& earlier = is_control ? control_ : message_;
    const bool final_frame = (header_[0] & final_bit) != 0;
    if (remaining_ > 0 || !final_frame || !earlier.empty()) earlier.append(view(part));
    if (remaining_ > 0) return {};
    const auto payload = earlier.empty() ? view(part) : std::string_view(earlier);
    state_ = State::header;
    header_size_ = 0;
    mask_offset_ = 0;
    if (is_control) return finish_control(payload);
    if (final_frame) return finish_message(payload);
  }
  bytes = bytes.subspan(bytes.size());
  return {};
}

WebSocketInput WebSocketDecoder::fail(std::uint16_t code) {
  state_ = State::ended;
  std::string().swap(message_);
  return {.kind = WebSocketInput::Kind::failed, .code = code};
}

/// Collects the header, whose size is known from its second byte. False: more bytes are needed.
bool WebSocketDecoder::take_header(std::span<char>& bytes) {
  for (;;) {
    std::size_t size = 2;
    if (header_size_ >= 2) {
      const auto length = header_[1] & 0x7F;
      size += (length == 126 ? 2 : length == 127 ? 8 : 0) + ((header_[1] & mask_bit) ? 4 : 0);
      if (header_size_ == size) return true;
    }
    const auto part = std::min(bytes.size(), size - header_size_);
    if (part == 0) return false;
    std::memcpy(header_ + header_size_, bytes.data(), part);
    header_size_ = static_cast<std::uint8_t>(header_size_ + part);
    bytes = bytes.subspan(part);
  }
}

/// Returns the close code for a header that breaks the protocol or a limit, else 0.
std::uint16_t WebSocketDecoder::check_header() {
  const std::uint8_t opcode = header_[0] & 0x0F;
  const bool final_frame = (header_[0] & final_bit) != 0;
  if ((header_[0] & 0x70) != 0) return close_protocol_error;
  if ((header_[1] & mask_bit) == 0) return close_protocol_error;

  remaining_ = header_[1] & 0x7F;
  const std::size_t length_size = remaining_ == 126 ? 2 : remaining_ == 127 ? 8 : 0;
  if (length_size > 0) {
    remaining_ = 0;
    for (std::size_t i = 0; i < length_size; ++i) remaining_ = remaining_ << 8 | header_[2 + i];
    const std::uint64_t shorter_form = length_size == 2 ? 125 : 0xFFFF;
    if (remaining_ <= shorter_form || remaining_ >> 63 != 0) return close_protocol_error;
  }

  if (opcode & 0x08) {
    const bool known = opcode == opcode_close || opcode == opcode_ping || opcode == opcode_pong;
    if (!known || !final_frame || remaining_ > control_payload_max) return close_protocol_error;
    return 0;
  }
  if (opcode == opcode_continuation) {
    if (message_opcode_ == 0) return close_protocol_error;
  } else {
    if (opcode > opcode_binary || message_opcode_ != 0) return close_protocol_error;
    message_opcode_ = opcode;
    utf8_.reset();
    fragments_ = 0;
  }
  if (++fragments_ > limits_.fragments_max) return close_too_large;
  if (remaining_ > limits_.message_bytes_max - message_.size()) return close_too_large;
  return 0;
}

WebSocketInput WebSocketDecoder::finish_control(std::string_view payload) {
  using Kind = WebSocketInput::Kind;
  const std::uint8_t opcode = header_[0] & 0x0F;
  if (opcode == opcode_ping) return {.kind = Kind::ping, .payload = payload};
  if (opcode == opcode_pong) return {.kind = Kind::pong, .payload = payload};
  if (payload.empty()) {
    state_ = State::ended;
    return {.kind = Kind::close, .code = close_no_status};
  }
  if (payload.size() < 2) return fail(close_protocol_error);
  const auto code = static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 |
                                               static_cast<std::uint8_t>(payload[1]));
  if (!is_valid_close_code(code)) return fail(close_protocol_error);
  if (!is_valid_utf8(payload.substr(2))) return fail(close_bad_data);
  state_ = State::ended;
  return {.kind = Kind::close, .code = code, .payload = payload.substr(2)};
}

WebSocketInput WebSocketDecoder::finish_message(std::string_view payload) {
  const bool is_text = message_opcode_ == opcode_text;
  message_opcode_ = 0;
  if (is_text && !utf8_.complete()) return fail(close_bad_data);
  return {.kind = is_text ? WebSocketInput::Kind::text : WebSocketInput::Kind::binary,
          .payload = payload};
}

void WebSocketDecoder::unmask(std::span<char> bytes) {
  std::array<char, 8> key;
  const std::uint8_t* mask = header_ + header_size_ - 4;
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<char>(mask[(mask_offset_ + i) & 3]);
  }
  mask_offset_ = static_cast<std::uint8_t>((mask_offset_ + bytes.size()) & 3);
  std::uint64_t key_word;
  std::memcpy(&key_word, key.data(), sizeof key_word);
  std::size_t i = 0;
  for (; bytes.size() - i >= sizeof key_word; i += sizeof key_word) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    word ^= key_word;
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  for (; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ key[i & 7]);
}

}  // namespace rubricon::net
