#include <rubricon/gateway/options.hpp>

#include <chrono>

namespace rubricon::gateway {

socketio_server::ServerOptions server_options(const Options& options) {
  socketio_server::ServerOptions server;
  server.engine.max_payload = options.limits.send_msg_bytes;
  server.engine.queue_bytes_max = options.limits.queue_bytes;
  server.engine.queue_bytes_ephemeral = options.limits.queue_bytes / 4;
  // Nobody stays without an identity: reliability S8.
  server.connect_timeout = std::chrono::milliseconds(10'000);
  server.namespaces_per_connection_max = 2;
  // The room of the user, and one to spare.
  server.rooms_per_socket_max = options.limits.rooms_per_socket + 2;
  return server;
}

}  // namespace rubricon::gateway
