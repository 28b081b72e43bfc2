/// An event on its way between Socket.IO servers, as @socket.io/redis-adapter 8 and
/// @socket.io/redis-emitter 5 write it: MessagePack of `[uid, packet, opts]`. Pure.
#pragma once

#include <boost/json/array.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::redis {

/// How servers tell themselves from others: 6 characters; "emitter" is who has no sockets.
inline constexpr std::size_t adapter_uid_length = 6;
/// Of EventBridge: what it says, gateways of ours hear from their own bus.
inline constexpr const char* adapter_bridge_uid = "bridge";

struct AdapterPacket {
  std::string uid;
  std::string nsp = "/";
  std::string name;
  boost::json::array args;
  std::vector<std::string> rooms;   ///< any of them; empty means everybody
  std::vector<std::string> except;  ///< nobody in any of them

  bool operator==(const AdapterPacket&) const = default;
};

std::string adapter_bytes(const AdapterPacket& packet);

/// nullopt for what is no event with a name: bytes that are not such a packet, acknowledgements,
/// numbers as names, binary arguments, more than 1,000 rooms, names over 256 bytes.
std::optional<AdapterPacket> parse_adapter_packet(std::string_view bytes);

}  // namespace rubricon::redis
