#include <rubricon/gateway/options.hpp>

#include <algorithm>
#include <chrono>

namespace rubricon::gateway {
namespace {

/// Packets are more than events, heartbeats and attachments among them; whoever sends too many
/// events is told so long before this ends the connection.
std::uint32_t packets(double events) {
  return static_cast<std::uint32_t>(std::clamp(10 * events, 1.0, 1e9));
}

}  // namespace

socketio_server::ServerOptions server_options(const Options& options) {
  socketio_server::ServerOptions server;
  server.engine.max_payload = options.limits.send_msg_bytes;
  server.engine.queue_bytes_max = options.limits.queue_bytes;
  server.engine.queue_bytes_ephemeral = options.limits.queue_bytes / 4;
  server.engine.packet_rate = {.per_second = packets(options.limits.events_per_second),
                               .burst = packets(options.limits.events_burst)};
  // Nobody stays without an identity (docs/security.md, S8).
  server.connect_timeout = std::chrono::milliseconds(10'000);
  server.namespaces_per_connection_max = 2;
  // Two for each chat (see Rooms), the room of the user, and one to spare.
  server.rooms_per_socket_max = 2 * options.limits.rooms_per_socket + 2;
  return server;
}

}  // namespace rubricon::gateway
