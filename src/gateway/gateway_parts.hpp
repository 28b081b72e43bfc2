/// What a Gateway is made of, and how its parts are connected. Private to gateway.cpp and
/// gateway_parts.cpp.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/gateway/chat_lines.hpp>
#include <rubricon/gateway/client_events.hpp>
#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/connection_quota.hpp>
#include <rubricon/gateway/door.hpp>
#include <rubricon/gateway/gateway.hpp>
#include <rubricon/gateway/meters.hpp>
#include <rubricon/gateway/presence_board.hpp>
#include <rubricon/gateway/recovery.hpp>
#include <rubricon/gateway/recovery_seal.hpp>
#include <rubricon/gateway/rooms.hpp>
#include <rubricon/gateway/store_reads.hpp>
#include <rubricon/revocation/revocation_watch.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace rubricon::gateway {

/// In the order in which it is built.
struct Gateway::Parts {
  Parts(boost::asio::any_io_executor executor, socketio_server::Server& io, const Services& s,
        const Options& o);

  void listen();
  void admit(const socketio_server::Admission& admission);
  base::Task<void> admit_when_known(socketio_server::Admission admission);
  void connected(const socketio_server::SocketPtr& socket);
  void disconnected(const socketio_server::SocketPtr& socket);
  socketio_server::SlowVerdict slow(socketio_server::Socket& socket, std::size_t queued_bytes);

  revocation::Hooks revocation_hooks();
  void close_sessions(const revocation::Sessions& ended, std::optional<domain::UserId> user);
  void heard(const EventPtr& event);
  void heard_ephemeral(const ports::Ephemeral& message);
  void reconnected();
  base::Task<void> send_running_answers(ClientPtr client, domain::ChatId chat);

  void check_heads();
  base::Task<void> check_heads_until_done();
  base::Task<void> tick_for_ever();
  void tick(std::uint64_t number);
  void close_expired(const std::vector<ClientPtr>& all);
  void send_heads(const Client& client);
  void shed_load(const std::vector<ClientPtr>& all);

  socketio_server::Server& server;
  socketio_server::Namespace& nsp;
  Services services;
  Options options;
  base::TaskGroup tasks;
  Meters meters;
  StoreReads reads;
  Clients clients;
  RecoverySeal seal;
  Recovery recovery;
  Rooms rooms;
  Door door;
  ClientEvents client_events;
  PresenceBoard presence;
  ConnectionQuota quota;
  ChatLines chat_lines;
  revocation::RevocationWatch revocations;
  std::unique_ptr<ports::Subscription> events;
  std::unique_ptr<ports::Subscription> ephemerals;
  bool draining = false;
  bool revocations_known = false;  ///< they have been loaded at least once
  bool checking_heads = false;
  bool check_again = false;
};

}  // namespace rubricon::gateway
