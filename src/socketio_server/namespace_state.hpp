/// What a namespace holds: its sockets, their rooms and the application's handlers. Internal to
/// this module.
#pragma once

#include <rubricon/socketio/recovery_log.hpp>
#include <rubricon/socketio/room_index.hpp>
#include <rubricon/socketio_server/namespace.hpp>
#include <rubricon/socketio_server/socket.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rubricon::socketio_server {

struct ServerState;

/// Handlers are shared, so that one which replaces itself while it runs stays alive.
template <typename Handler>
using HandlerPtr = std::shared_ptr<const Handler>;

struct NamespaceState {
  using Member = socketio::RoomIndex::Member;
  static constexpr Member no_member = UINT32_MAX;

  NamespaceState(ServerState& server_, std::string name_);

  void add(const SocketPtr& socket);
  void remove(Socket& socket);
  SocketPtr find(std::string_view socket_id) const;
  std::size_t size() const { return by_id_.size(); }

  bool join(Socket& socket, std::string_view room);
  /// Every socket is in the room of its id without taking part in `rooms`.
  bool contains(const Socket& socket, std::string_view room) const;

  /// Who is in any of `to` (all if empty) and in none of `except`, each once.
  std::vector<Member> select(const std::vector<std::string>& to,
                             const std::vector<std::string>& except);
  /// Calls `action` for those of `members` that are still here.
  void each(const std::vector<Member>& members, const std::function<void(Socket&)>& action);

  ServerState* server;
  std::string name;
  std::vector<HandlerPtr<Middleware>> middlewares;
  HandlerPtr<ConnectionHandler> on_connection;
  std::unordered_map<std::string, HandlerPtr<NamespaceEventHandler>, socketio::NameHash,
                     std::equal_to<>>
      events;
  HandlerPtr<NamespaceEventHandler> on_any;
  HandlerPtr<std::function<void(const SocketPtr&, Reason)>> on_disconnect;
  HandlerPtr<Gate> gate;
  socketio::RoomIndex rooms;
  std::optional<socketio::RecoveryLog> recovery;
  SessionStore* session_store = nullptr;
  std::unordered_map<Member, std::string> pids;  ///< of sockets that can be recovered
  std::uint64_t next_ack_id = 0;  ///< of all its sockets, so that a broadcast needs one id only

 private:
  void mark(std::string_view room, std::vector<Member>* marked);

  std::vector<SocketPtr> members_;  ///< by `Member`; null where free
  std::vector<Member> free_;
  std::unordered_map<std::string_view, Member> by_id_;  ///< views of the sockets' own ids
  std::vector<std::uint32_t> marks_;                    ///< by `Member`: the selection that saw it
  std::uint32_t selection_ = 0;
  int iterating_ = 0;
  std::vector<std::pair<Member, SocketPtr>> removed_;  ///< while somebody iterates
};

}  // namespace rubricon::socketio_server
