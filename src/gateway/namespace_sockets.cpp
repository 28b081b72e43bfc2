#include <rubricon/gateway/namespace_sockets.hpp>

#include <utility>

namespace rubricon::gateway {

using socketio_server::Broadcast;
using socketio_server::Socket;

std::vector<std::string> NamespaceSockets::rooms() const {
  auto names = nsp_.rooms();
  nsp_.all().for_each([&names](Socket& socket) { names.push_back(socket.id()); });
  return names;
}

std::vector<ports::SocketSummary> NamespaceSockets::find(const ports::SocketFilter& filter,
                                                         std::size_t limit) const {
  std::vector<ports::SocketSummary> found;
  select(filter).for_each([&found, limit](Socket& socket) {
    if (found.size() >= limit) return;
    auto rooms = socket.rooms();
    rooms.push_back(socket.id());
    found.push_back({socket.id(), std::move(rooms), socket.handshake().remote_address});
  });
  return found;
}

void NamespaceSockets::join(const ports::SocketFilter& filter,
                            const std::vector<std::string>& rooms) {
  select(filter).for_each([&rooms](Socket& socket) {
    for (const auto& room : rooms) socket.join(room);  // as many as one socket may be in
  });
}

void NamespaceSockets::leave(const ports::SocketFilter& filter,
                             const std::vector<std::string>& rooms) {
  select(filter).for_each([&rooms](Socket& socket) {
    for (const auto& room : rooms) socket.leave(room);
  });
}

void NamespaceSockets::disconnect(const ports::SocketFilter& filter, ports::Disconnect how) {
  using socketio_server::Close;
  const auto close = how == ports::Disconnect::transport ? Close::transport : Close::socket;
  select(filter).for_each([close](Socket& socket) { socket.disconnect(close); });
}

void NamespaceSockets::emit(const ports::SocketFilter& filter, std::string_view name,
                            std::string_view args) {
  auto sockets = select(filter);
  if (sockets.count() == 0) return;
  const auto event = nsp_.prepare_json(name, args);
  if (event) sockets.delivery(socketio_server::Delivery::ephemeral).emit(*event);
}

Broadcast NamespaceSockets::select(const ports::SocketFilter& filter) const {
  auto sockets = nsp_.all();
  for (const auto& room : filter.rooms) sockets.to(room);
  for (const auto& room : filter.except) sockets.except(room);
  return sockets;
}

}  // namespace rubricon::gateway
