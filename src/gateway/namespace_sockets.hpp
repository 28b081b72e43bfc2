/// The sockets of a namespace as the other servers of the cluster reach them.
#pragma once

#include <rubricon/ports/local_sockets.hpp>
#include <rubricon/socketio_server/namespace.hpp>

namespace rubricon::gateway {

/// One shard, that of the namespace, which outlives it. Decides nothing about who may do what.
class NamespaceSockets final : public ports::LocalSockets {
 public:
  explicit NamespaceSockets(socketio_server::Namespace& nsp) : nsp_(nsp) {}

  std::vector<std::string> rooms() const override;
  std::vector<ports::SocketSummary> find(const ports::SocketFilter& filter,
                                         std::size_t limit) const override;
  void join(const ports::SocketFilter& filter, const std::vector<std::string>& rooms) override;
  void leave(const ports::SocketFilter& filter, const std::vector<std::string>& rooms) override;
  void disconnect(const ports::SocketFilter& filter, ports::Disconnect how) override;
  void emit(const ports::SocketFilter& filter, std::string_view name,
            std::string_view args) override;

 private:
  socketio_server::Broadcast select(const ports::SocketFilter& filter) const;

  socketio_server::Namespace& nsp_;
};

}  // namespace rubricon::gateway
