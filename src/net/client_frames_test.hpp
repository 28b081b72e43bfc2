/// What a WebSocket client writes and reads, by hand, so that tests can break every rule.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rubricon::net::testing {

inline constexpr std::uint8_t final_frame = 0x80;
namespace opcode {
inline constexpr std::uint8_t text = 0x1, binary = 0x2, close = 0x8, ping = 0x9, pong = 0xA;
}

/// A masked frame; `first` is the whole first byte.
inline std::string client_frame(std::uint8_t first, std::string_view payload,
                                std::string_view mask = "\x12\x34\x56\x78") {
  std::string frame(1, static_cast<char>(first));
  const std::uint64_t size = payload.size();
  const int length_size = size <= 125 ? 0 : size <= 0xFFFF ? 2 : 8;
  const auto length = length_size == 0 ? size : length_size == 2 ? 126 : 127;
  frame.push_back(static_cast<char>(0x80 | length));
  for (int i = length_size - 1; i >= 0; --i) frame.push_back(static_cast<char>(size >> (8 * i)));
  frame.append(mask);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  }
  return frame;
}

/// A frame as the server sends it: final, not masked.
struct ServerFrame {
  std::uint8_t first = 0;
  std::string payload;
  bool operator==(const ServerFrame&) const = default;
};

/// Takes one whole frame from the front of `bytes`; false when there is none.
inline bool take_server_frame(std::string& bytes, ServerFrame& frame) {
  if (bytes.size() < 2) return false;
  std::uint64_t size = static_cast<std::uint8_t>(bytes[1]);
  std::size_t header = 2;
  if (size >= 126) {
    const std::size_t length_size = size == 126 ? 2 : 8;
    header += length_size;
    if (bytes.size() < header) return false;
    size = 0;
    for (std::size_t i = 2; i < header; ++i) size = size << 8 | static_cast<std::uint8_t>(bytes[i]);
  }
  if (bytes.size() - header < size) return false;
  frame = {static_cast<std::uint8_t>(bytes[0]), bytes.substr(header, size)};
  bytes.erase(0, header + size);
  return true;
}

inline std::string close_payload(std::uint16_t code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
  return payload.append(reason);
}

}  // namespace rubricon::net::testing
