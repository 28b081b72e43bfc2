#include <rubricon/socketio/outbound.hpp>

namespace rubricon::socketio {
namespace {

constexpr unsigned char final_text = 0x81;
constexpr unsigned char final_binary = 0x82;

/// RFC 6455 §5.2 for a server: final, unmasked.
std::string frame_header(unsigned char first_byte, std::size_t size) {
  std::string header(1, static_cast<char>(first_byte));
  if (size < 126) return header += static_cast<char>(size);
  const int length_bytes = size <= 0xFFFF ? 2 : 8;
  header += static_cast<char>(length_bytes == 2 ? 126 : 127);
  for (int i = length_bytes - 1; i >= 0; --i) header += static_cast<char>(size >> (8 * i) & 0xFF);
  return header;
}

}  // namespace

OutboundPacket OutboundPacket::text(std::string_view packet) {
  auto frame = frame_header(final_text, packet.size());
  const auto header_size = static_cast<std::uint8_t>(frame.size());
  frame += packet;
  return {std::make_shared<const std::string>(std::move(frame)), header_size, false};
}

OutboundPacket OutboundPacket::binary(std::string_view bytes) {
  auto frame = frame_header(final_binary, bytes.size());
  const auto header_size = static_cast<std::uint8_t>(frame.size());
  frame += bytes;
  return {std::make_shared<const std::string>(std::move(frame)), header_size, true};
}

}  // namespace rubricon::socketio
