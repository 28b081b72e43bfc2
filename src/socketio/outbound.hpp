/// What leaves the server: packets that are encoded once, however many sessions they go to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::socketio {

/// One Engine.IO packet in the form every transport can use without copying: the bytes of a whole
/// WebSocket frame, whose payload is also what a polling body needs.
class OutboundPacket {
 public:
  /// `packet` is the type character and its text, for example "2" or "42[\"hello\"]".
  static OutboundPacket text(std::string_view packet);
  /// A binary message.
  static OutboundPacket binary(std::string_view bytes);

  /// The frame as it goes on a WebSocket: unmasked, final, header included. Never null.
  const std::shared_ptr<const std::string>& frame() const { return frame_; }
  /// The packet without the frame header. Valid as long as a copy of this object is.
  std::string_view payload() const { return std::string_view(*frame_).substr(header_size_); }
  bool is_binary() const { return binary_; }

 private:
  OutboundPacket(std::shared_ptr<const std::string> frame, std::uint8_t header_size, bool binary)
      : frame_(std::move(frame)), header_size_(header_size), binary_(binary) {}

  std::shared_ptr<const std::string> frame_;
  std::uint8_t header_size_;
  bool binary_;
};

/// An event for one namespace, ready to be sent to any number of its sockets: a text packet and its
/// attachments. A value with shared ownership of the bytes; copying is a reference count.
class EncodedEvent {
 public:
  /// Takes the packets of one event: the text first, then each attachment.
  explicit EncodedEvent(std::vector<OutboundPacket> packets)
      : packets_(std::make_shared<const std::vector<OutboundPacket>>(std::move(packets))) {}

  std::span<const OutboundPacket> packets() const { return *packets_; }

 private:
  std::shared_ptr<const std::vector<OutboundPacket>> packets_;
};

}  // namespace rubricon::socketio
