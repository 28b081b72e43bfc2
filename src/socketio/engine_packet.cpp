#include <rubricon/socketio/engine_packet.hpp>

#include <rubricon/socketio/base64.hpp>

#include <utility>

namespace rubricon::socketio {
namespace {

constexpr char separator = '\x1e';

}  // namespace

std::optional<EnginePacket> decode_engine_packet(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const char type = text.front();
  text.remove_prefix(1);
  if (type == 'b') {
    auto bytes = decode_base64(text);
    if (!bytes) return std::nullopt;
    return EnginePacket{EngineType::message, {}, std::move(bytes)};
  }
  if (type < '0' || type > '6') return std::nullopt;
  return EnginePacket{static_cast<EngineType>(type), text, std::nullopt};
}

std::string_view next_in_payload(std::string_view& rest) {
  const auto end = rest.find(separator);
  if (end == std::string_view::npos) return std::exchange(rest, std::string_view());
  const auto packet = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return packet;
}

std::string encode_payload(std::span<const OutboundPacket> packets) {
  std::size_t size = packets.size();
  for (const auto& packet : packets) {
    const auto bytes = packet.payload().size();
    size += packet.is_binary() ? 1 + (bytes + 2) / 3 * 4 : bytes;
  }
  std::string body;
  body.reserve(size);
  for (const auto& packet : packets) {
    if (!body.empty()) body += separator;
    if (packet.is_binary()) {
      body += 'b';
      append_base64(body, packet.payload());
    } else {
      body += packet.payload();
    }
  }
  return body;
}

const OutboundPacket& close_packet() {
  static const auto packet = OutboundPacket::text("1");
  return packet;
}

const OutboundPacket& ping_packet() {
  static const auto packet = OutboundPacket::text("2");
  return packet;
}

const OutboundPacket& noop_packet() {
  static const auto packet = OutboundPacket::text("6");
  return packet;
}

const OutboundPacket& probe_answer_packet() {
  static const auto packet = OutboundPacket::text("3probe");
  return packet;
}

OutboundPacket open_packet(const OpenParameters& parameters) {
  std::string text = R"(0{"sid":")";
  text += parameters.sid;
  text += parameters.can_upgrade ? R"(","upgrades":["websocket"])" : R"(","upgrades":[])";
  text += R"(,"pingInterval":)" + std::to_string(parameters.ping_interval.count());
  text += R"(,"pingTimeout":)" + std::to_string(parameters.ping_timeout.count());
  text += R"(,"maxPayload":)" + std::to_string(parameters.max_payload) + "}";
  return OutboundPacket::text(text);
}

}  // namespace rubricon::socketio
