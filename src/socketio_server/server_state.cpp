#include <rubricon/socketio_server/server_state.hpp>

#include <rubricon/socketio_server/connection.hpp>

#include <utility>

namespace rubricon::socketio_server {
namespace {

socketio::ProtocolLimits protocol_limits(const ServerOptions& options) {
  socketio::ProtocolLimits limits;
  limits.decoder.attachment_bytes_max = options.engine.max_payload;
  limits.connect_timeout = options.connect_timeout;
  limits.attachment_timeout = options.engine.ping_timeout;
  limits.namespaces_max = options.namespaces_per_connection_max;
  limits.pending_packets_max = options.pending_packets_max;
  limits.pending_bytes_max = options.engine.max_payload;
  return limits;
}

}  // namespace

ServerState::ServerState(boost::asio::any_io_executor executor, Environment environment,
                         ServerOptions options_)
    : options(std::move(options_)),
      limits(protocol_limits(options)),
      engine(std::move(executor), std::move(environment), options.engine,
             [this](const std::shared_ptr<EngineSocket>& socket,
                    std::shared_ptr<const Handshake> handshake) {
               return std::make_shared<Connection>(*this, *socket, std::move(handshake));
             }) {}

NamespaceState* ServerState::find(std::string_view name) const {
  const auto found = namespaces.find(name);
  return found == namespaces.end() ? nullptr : found->second->state_.get();
}

}  // namespace rubricon::socketio_server
