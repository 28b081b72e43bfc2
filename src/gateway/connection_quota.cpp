#include <rubricon/gateway/connection_quota.hpp>

#include <rubricon/observability/fault_level.hpp>

#include <string>
#include <utility>

namespace rubricon::gateway {
namespace {

std::string user_key(const Client& client) {
  return "user:" + client.identity.user.to_string();
}

std::string network_key(const Client& client) {
  return "network:" + client.network;
}

}  // namespace

void ConnectionQuota::enter(const ClientPtr& client) {
  if (services_.connections != nullptr) tasks_.spawn(refresh({client}));
}

void ConnectionQuota::leave(const ClientPtr& client) {
  if (services_.connections != nullptr) tasks_.spawn(gone(client));
}

base::Task<void> ConnectionQuota::gone(ClientPtr client) {
  try {
    co_await uncount(client);
  } catch (const std::exception& fault) {
    failed(fault);
  }
}

base::Task<void> ConnectionQuota::refresh(std::vector<ClientPtr> clients) {
  if (services_.connections == nullptr) co_return;
  try {
    for (const auto& client : clients) {
      if (clients_.has(*client)) co_await count(client);
    }
  } catch (const std::exception& fault) {
    failed(fault);
  }
}

base::Task<void> ConnectionQuota::count(ClientPtr client) {
  auto& limiter = *services_.connections;
  const auto& limits = options_.limits;
  const bool user =
      co_await limiter.enter(user_key(*client), client->id, limits.sockets_per_user, deadline());
  const bool network = co_await limiter.enter(network_key(*client), client->id,
                                              limits.sockets_per_address, deadline());
  // Who left meanwhile may have been counted after the farewell.
  if (!clients_.has(*client)) co_return co_await uncount(client);
  if (user && network) {
    client->crowded_since.reset();
    co_return;
  }
  const auto now = services_.clock.monotonic();
  if (!client->crowded_since) client->crowded_since = now;
  if (now - *client->crowded_since < options_.crowd_patience) co_return;
  clients_.close(client, CloseReason::too_many_connections);
}

base::Task<void> ConnectionQuota::uncount(ClientPtr client) {
  co_await services_.connections->leave(user_key(*client), client->id, deadline());
  co_await services_.connections->leave(network_key(*client), client->id, deadline());
}

base::Deadline ConnectionQuota::deadline() const {
  return base::Deadline::after(services_.clock.monotonic(), options_.store_timeout);
}

void ConnectionQuota::failed(const std::exception& fault) {
  meters_.store_faults.add();
  services_.log.repeated(observability::fault_level(fault), "gateway.connections_uncounted",
                         {{"error.message", fault.what()}});
}

}  // namespace rubricon::gateway
