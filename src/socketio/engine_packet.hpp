/// Packets of Engine.IO 4 and the bodies of its polling transport.
#pragma once

#include <rubricon/socketio/outbound.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rubricon::socketio {

/// The digit that begins a packet.
enum class EngineType : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6',
};

/// A packet from a client. `text` is a view into what was decoded; a binary message has its bytes
/// in `bytes` instead.
struct EnginePacket {
  EngineType type = EngineType::message;
  std::string_view text;
  std::optional<std::string> bytes;
};

/// A text message of a WebSocket, or one packet of a polling body: a type digit and text, or `b`
/// and base64. Nothing when it is empty, of an unknown type or no base64.
std::optional<EnginePacket> decode_engine_packet(std::string_view text);

/// Takes the next packet's text off the front of a polling body. Linear; an empty packet (also the
/// empty body) is returned as such. Call until `rest` is a view without data pointer.
std::string_view next_in_payload(std::string_view& rest);

/// The body of a poll's answer. Binary messages become `b` and base64.
std::string encode_payload(std::span<const OutboundPacket> packets);

/// Packets without content, made once.
const OutboundPacket& close_packet();
const OutboundPacket& ping_packet();
const OutboundPacket& noop_packet();
const OutboundPacket& probe_answer_packet();

/// What the first packet of a session tells the client.
struct OpenParameters {
  std::string_view sid;
  bool can_upgrade = false;
  std::chrono::milliseconds ping_interval{};
  std::chrono::milliseconds ping_timeout{};
  std::size_t max_payload = 0;
};
OutboundPacket open_packet(const OpenParameters& parameters);

}  // namespace rubricon::socketio
