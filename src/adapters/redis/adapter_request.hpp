/// What Socket.IO servers ask each other through Redis, and the answers, as
/// @socket.io/redis-adapter 8 writes them: JSON, or MessagePack for broadcasts that want
/// acknowledgements. Pure.
#pragma once

#include <rubricon/ports/local_sockets.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::redis {

/// The numbers on the wire.
enum class AdapterRequestType {
  sockets = 0,
  all_rooms = 1,
  remote_join = 2,
  remote_leave = 3,
  remote_disconnect = 4,
  remote_fetch = 5,
  server_side_emit = 6,
  broadcast = 7,
};

struct AdapterRequest {
  AdapterRequestType type;
  std::string uid;  ///< of the asker; empty where it does not say
  std::string id;   ///< empty where no answer is wanted
  ports::SocketFilter filter;
  std::vector<std::string> rooms;  ///< to join or leave
  ports::Disconnect how = ports::Disconnect::socket;
};

/// A request that wants to be answered carries an id of at most 64 bytes, and so does the asker's
/// uid. nullopt for what is no request, or one that is longer than 1 MiB or nests more than 32
/// deep.
std::optional<AdapterRequest> parse_adapter_request(std::string_view bytes);

std::string sockets_answer(const std::string& id, const std::vector<ports::SocketSummary>& sockets);
std::string rooms_answer(const std::string& id, const std::vector<std::string>& rooms);
/// Handshakes carry the address and nothing else of the client's: no headers, cookies or token.
std::string fetch_answer(const std::string& id, const std::vector<ports::SocketSummary>& sockets);
/// "Nobody here listens": the asker waits for one answer from each server.
std::string server_side_answer(const std::string& id);
/// How many clients here will acknowledge.
std::string broadcast_answer(const std::string& id, std::size_t clients);

}  // namespace rubricon::redis
