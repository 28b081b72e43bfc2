#include <rubricon/gateway/clients.hpp>

#include <rubricon/gateway/wire.hpp>

namespace rubricon::gateway {

using socketio_server::Delivery;

void Clients::add(const ClientPtr& client) {
  client->slot = slots_++;
  all_.emplace(client->slot, client);
  by_user_[client->identity.user].push_back(client);
  ++by_network_[client->network];
}

void Clients::remove(const ClientPtr& client) {
  const auto found = all_.find(client->slot);
  if (found == all_.end() || found->second != client) return;
  all_.erase(found);
  if (const auto user = by_user_.find(client->identity.user); user != by_user_.end()) {
    std::erase(user->second, client);
    if (user->second.empty()) by_user_.erase(user);
  }
  if (const auto network = by_network_.find(client->network); network != by_network_.end()) {
    if (--network->second == 0) by_network_.erase(network);
  }
}

bool Clients::has(const Client& client) const {
  const auto found = all_.find(client.slot);
  return found != all_.end() && found->second.get() == &client;
}

std::size_t Clients::count_of_user(domain::UserId user) const {
  const auto found = by_user_.find(user);
  return found == by_user_.end() ? 0 : found->second.size();
}

std::size_t Clients::count_of_network(const std::string& network) const {
  const auto found = by_network_.find(network);
  return found == by_network_.end() ? 0 : found->second;
}

std::vector<ClientPtr> Clients::of_user(domain::UserId user) const {
  const auto found = by_user_.find(user);
  return found == by_user_.end() ? std::vector<ClientPtr>() : found->second;
}

std::vector<ClientPtr> Clients::all() const {
  std::vector<ClientPtr> clients;
  clients.reserve(all_.size());
  for (const auto& [slot, client] : all_) clients.push_back(client);
  return clients;
}

void Clients::send(const Client& client, std::string_view event, std::string_view payload,
                   Delivery delivery) const {
  const auto socket = client.socket.lock();
  const auto encoded = nsp_.prepare_json(event, payload);
  if (socket && encoded) socket->emit(*encoded, delivery);
}

void Clients::send_to_user(domain::UserId user, std::string_view event,
                           std::string_view payload) const {
  const auto clients = of_user(user);
  if (clients.empty()) return;
  const auto encoded = nsp_.prepare_json(event, payload);
  if (!encoded) return;
  for (const auto& client : clients) {
    if (const auto socket = client->socket.lock()) socket->emit(*encoded, Delivery::ephemeral);
  }
}

void Clients::close(const ClientPtr& client, CloseReason reason) {
  const auto socket = client->socket.lock();
  if (!socket || !socket->connected()) return;
  meters_.closes[static_cast<std::size_t>(reason)]->add();
  send(*client, "server-closing", wire::closing(reason), Delivery::ephemeral);
  const bool silent = come_back(reason) == ComeBack::yes;
  socket->disconnect(silent ? socketio_server::Close::silent : socketio_server::Close::transport);
}

}  // namespace rubricon::gateway
