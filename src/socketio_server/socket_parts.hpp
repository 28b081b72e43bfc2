/// The parts of a socket that its header keeps to itself. Internal to this module.
#pragma once

#include <rubricon/socketio/pending_acks.hpp>
#include <rubricon/socketio_server/namespace_state.hpp>
#include <rubricon/socketio_server/socket.hpp>

#include <string>
#include <utility>
#include <vector>

namespace rubricon::socketio_server {

struct Socket::Origin {
  NamespaceState* nsp;
  Connection* connection;
  std::uint32_t stay;
  std::string id;
  std::shared_ptr<const Handshake> handshake;
  boost::json::value auth;
  std::any data;
};

/// Only sockets with handlers of their own, or with acknowledgements pending, have it.
struct Socket::Handlers {
  std::vector<std::pair<std::string, HandlerPtr<EventHandler>>> events;
  HandlerPtr<EventHandler> any;
  HandlerPtr<DisconnectHandler> disconnect;
  socketio::PendingAcks<AckHandler> acks;
};

}  // namespace rubricon::socketio_server
