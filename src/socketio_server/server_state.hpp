/// What the parts of one Socket.IO server share. Internal to this module.
#pragma once

#include <rubricon/socketio/multiplexer.hpp>
#include <rubricon/socketio_server/engine_server.hpp>
#include <rubricon/socketio_server/namespace_state.hpp>
#include <rubricon/socketio_server/server.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rubricon::socketio_server {

struct ServerState {
  ServerState(boost::asio::any_io_executor executor, Environment environment,
              ServerOptions options_);

  /// Null for a name that the application never asked for.
  NamespaceState* find(std::string_view name) const;

  ServerOptions options;
  socketio::ProtocolLimits limits;
  Server::SlowPolicy slow_policy;
  std::unordered_map<std::string, std::unique_ptr<Namespace>, socketio::NameHash, std::equal_to<>>
      namespaces;
  EngineServer engine;  ///< last: its sessions use the rest
};

}  // namespace rubricon::socketio_server
