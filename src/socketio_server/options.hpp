/// Limits and habits of a server. Every default is the official server's, or stricter.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/socketio/handshake.hpp>
#include <rubricon/socketio/origin_policy.hpp>
#include <rubricon/socketio/recovery_log.hpp>
#include <rubricon/socketio/token_bucket.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rubricon::socketio_server {

/// Where a server gets time and randomness, so that tests own both.
struct Environment {
  /// Never goes back.
  std::function<base::Instant()> now;
  /// Must be cryptographic: session ids are bearer secrets.
  std::function<void(std::span<std::uint8_t>)> random;
};

using socketio::OriginPolicy;

using socketio::Rate;

/// Why a session is not begun; the code is 4 of the protocol.
struct SessionRefusal {
  /// `elsewhere`: this server takes nobody now. The status is 503, by which a proxy knows to ask
  /// another server; `forbidden`: as official servers do, 403 by polling and 400 by WebSocket.
  enum class Kind : std::uint8_t { forbidden, elsewhere };
  Kind kind = Kind::forbidden;
  std::string why;  ///< empty: "Forbidden"
};

/// Looks at the first request of a session that is in order in every other way: nothing lets it go
/// on. Must not block nor throw. Who is admitted to a namespace is asked later, and with more at
/// hand: see `Namespace::use`.
using AllowRequest = std::function<std::optional<SessionRefusal>(const socketio::Handshake&)>;

/// The transport: Engine.IO.
struct EngineOptions {
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  /// Bytes of one polling body or one WebSocket message from a client; told to clients.
  std::size_t max_payload = 1'000'000;
  bool polling = true;
  bool websocket = true;
  bool upgrades = true;
  OriginPolicy origins;
  AllowRequest allow_request;  ///< empty: everybody
  /// Empty, or two characters of [A-Za-z0-9_-] that begin every session id and so name this server
  /// to a router of polling requests.
  std::string sid_prefix;
  std::size_t connections_max = 100'000;
  /// Of one client address (a school may share one). Polling needs no open connection, so the
  /// limits of the HTTP server do not bound its sessions.
  std::size_t connections_per_address_max = 2'000;
  /// Packets from one client, heartbeats included; above it the connection ends (`rate_limit`).
  Rate packet_rate;
  /// Bytes waiting for one client: above `queue_bytes_max` the connection ends (`slow_consumer`)
  /// unless `Server::on_slow_consumer` decides otherwise; above `queue_bytes_ephemeral` whatever is
  /// sent as `Delivery::ephemeral` is shed.
  std::size_t queue_bytes_max = 1 << 20;
  std::size_t queue_bytes_ephemeral = 256 << 10;
};

/// Connection state recovery in memory: off unless the application asks for it. The admission of a
/// namespace is asked again at every recovery.
struct RecoveryOptions {
  bool enabled = false;
  socketio::RecoveryLimits limits;  ///< per namespace
};

/// Socket.IO on top of it.
struct ServerOptions {
  EngineOptions engine;
  /// A connection that has joined no namespace for this long is closed.
  std::chrono::milliseconds connect_timeout{45'000};
  /// By how much, on a WebSocket, whatever follows the answer to CONNECT is later than that answer.
  /// Real clients need none. The official protocol suite listens for one message at a time and
  /// loses the second of two that arrive in one read, so a server that is to pass it wants some.
  std::chrono::milliseconds connect_pause{0};
  /// Namespaces one connection may be in at a time.
  std::size_t namespaces_per_connection_max = 16;
  /// Packets of a namespace that wait while its admission is being decided.
  std::size_t pending_packets_max = 64;
  std::size_t rooms_per_socket_max = 1'000;
  /// Acknowledgements a socket may owe at a time; above it `emit_with_ack` is refused.
  std::size_t acks_pending_max = 1'000;
  RecoveryOptions recovery;
};

}  // namespace rubricon::socketio_server
