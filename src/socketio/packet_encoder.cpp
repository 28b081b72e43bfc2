#include <rubricon/socketio/packet_encoder.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/socketio/json_text.hpp>
#include <rubricon/socketio/packet.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <vector>

namespace rubricon::socketio {
namespace {

namespace json = boost::json;

/// Deeper values of the application are refused rather than walked.
constexpr int depth_max = 512;

/// Whether every placeholder in a value has its bytes.
bool placeholders_hold(const json::value& value, const Args& args, int depth) {
  if (depth > depth_max) return false;
  if (const auto* array = value.if_array()) {
    return std::ranges::all_of(
        *array, [&](const json::value& item) { return placeholders_hold(item, args, depth + 1); });
  }
  const auto* object = value.if_object();
  if (object == nullptr) return true;
  const auto* mark = object->if_contains("_placeholder");
  if (mark != nullptr && mark->is_bool() && mark->get_bool()) return args.binary(value) != nullptr;
  return std::ranges::all_of(*object, [&](const auto& member) {
    return placeholders_hold(member.value(), args, depth + 1);
  });
}

bool sendable(const Args& args) {
  if (args.attachments().empty()) return true;
  if (args.attachments().size() > attachments_max) return false;
  return std::ranges::all_of(
      args.values(), [&](const json::value& value) { return placeholders_hold(value, args, 0); });
}

/// "4", the packet type, attachments, namespace and id: everything before the JSON.
std::string begin_packet(PacketType type, std::size_t attachments, std::string_view nsp,
                         std::optional<std::uint64_t> id) {
  std::string text = "4";
  text += static_cast<char>(type);
  if (attachments > 0) text += std::to_string(attachments) + '-';
  if (nsp != "/") {
    text += nsp;
    text += ',';
  }
  if (id) text += std::to_string(*id);
  return text;
}

EncodedEvent finish(std::string_view text, const Args& args) {
  std::vector<OutboundPacket> packets;
  packets.reserve(1 + args.attachments().size());
  packets.push_back(OutboundPacket::text(text));
  for (const auto& bytes : args.attachments()) {
    packets.push_back(OutboundPacket::binary(bytes.view()));
  }
  return EncodedEvent(std::move(packets));
}

}  // namespace

std::optional<EncodedEvent> encode_event(std::string_view nsp, std::string_view name,
                                         const Args& args, std::optional<std::uint64_t> ack_id) {
  if (is_reserved_event(name) || !sendable(args)) return std::nullopt;
  const auto count = args.attachments().size();
  const auto type = count > 0 ? PacketType::binary_event : PacketType::event;
  auto text = begin_packet(type, count, nsp, ack_id);
  text += '[';
  append_json_string(text, name);
  for (const auto& value : args.values()) {
    text += ',';
    append_json(text, value);
  }
  text += ']';
  return finish(text, args);
}

std::optional<EncodedEvent> encode_event_json(std::string_view nsp, std::string_view name,
                                              std::string_view json_args) {
  if (is_reserved_event(name)) return std::nullopt;
  auto text = begin_packet(PacketType::event, 0, nsp, std::nullopt);
  text.reserve(text.size() + name.size() + json_args.size() + 8);
  text += '[';
  append_json_string(text, name);
  if (!json_args.empty()) text += ',';
  text += json_args;
  text += ']';
  return finish(text, {});
}

std::optional<EncodedEvent> encode_ack(std::string_view nsp, std::uint64_t id, const Args& args) {
  if (!sendable(args)) return std::nullopt;
  const auto count = args.attachments().size();
  const auto type = count > 0 ? PacketType::binary_ack : PacketType::ack;
  auto text = begin_packet(type, count, nsp, id);
  append_json(text, args.values());
  return finish(text, args);
}

EncodedEvent with_offset(const EncodedEvent& event, std::string_view offset) {
  const auto packets = event.packets();
  const auto payload = packets.front().payload();
  RUBRICON_ASSERT(payload.ends_with(']'));
  std::string text(payload.substr(0, payload.size() - 1));
  text += ',';
  append_json_string(text, offset);
  text += ']';
  std::vector<OutboundPacket> copy(packets.begin(), packets.end());
  copy.front() = OutboundPacket::text(text);
  return EncodedEvent(std::move(copy));
}

OutboundPacket encode_connect(std::string_view nsp, std::string_view sid, std::string_view pid) {
  auto text = begin_packet(PacketType::connect, 0, nsp, std::nullopt);
  text += "{\"sid\":";
  append_json_string(text, sid);
  if (!pid.empty()) {
    text += ",\"pid\":";
    append_json_string(text, pid);
  }
  text += '}';
  return OutboundPacket::text(text);
}

OutboundPacket encode_connect_error(std::string_view nsp, std::string_view message,
                                    const json::value& data) {
  auto text = begin_packet(PacketType::connect_error, 0, nsp, std::nullopt);
  text += "{\"message\":";
  append_json_string(text, message);
  if (!data.is_null()) {
    text += ",\"data\":";
    append_json(text, data);
  }
  text += '}';
  return OutboundPacket::text(text);
}

OutboundPacket encode_disconnect(std::string_view nsp) {
  return OutboundPacket::text(begin_packet(PacketType::disconnect, 0, nsp, std::nullopt));
}

}  // namespace rubricon::socketio
