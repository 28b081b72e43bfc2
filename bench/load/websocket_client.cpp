#include "websocket_client.hpp"

#include <cstdint>
#include <stdexcept>

namespace bench {
namespace {

constexpr char final_text = static_cast<char>(0x81);
constexpr std::uint8_t masked = 0x80;
constexpr std::string_view mask("\0\0\0\0", 4);  // the text goes as it is

}  // namespace

void WebSocketClient::connected() {
  send("GET " + path_ +
       " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}

void WebSocketClient::send_text(std::string_view text) {
  std::string frame(1, final_text);
  if (text.size() < 126) {
    frame += static_cast<char>(masked | text.size());
  } else {
    frame += static_cast<char>(masked | 126);
    frame += static_cast<char>(text.size() >> 8);
    frame += static_cast<char>(text.size() & 0xff);
  }
  frame += mask;
  frame += text;
  send(frame);
}

std::size_t WebSocketClient::consume(std::string_view bytes) {
  std::size_t at = 0;
  if (!upgraded_) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    if (!bytes.starts_with("HTTP/1.1 101")) {
      throw std::runtime_error("no WebSocket: " + std::string(bytes.substr(0, 300)));
    }
    upgraded_ = true;
    at = end + 4;
    opened();
  }
  while (is_open() && bytes.size() - at >= 2) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[at + i]); };
    std::size_t header = 2;
    std::uint64_t size = byte(1);
    if (size >= 126) {
      const std::size_t more = size == 126 ? 2 : 8;
      header += more;
      if (bytes.size() - at < header) break;
      size = 0;
      for (std::size_t i = 2; i < header; ++i) size = size << 8 | byte(i);
    }
    if (bytes.size() - at < header + size) break;
    const int opcode = byte(0) & 0x0f;
    if (opcode == 8) throw std::runtime_error("the server closed a WebSocket");
    const auto text = bytes.substr(at + header, size);
    at += header + size;
    if (opcode == 1) heard(text);
  }
  return at;
}

}  // namespace bench
