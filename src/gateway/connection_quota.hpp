/// How many connections a user and a network have over all gateways.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/meters.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/services.hpp>

#include <vector>

namespace rubricon::gateway {

/// Does nothing where this gateway counts alone: the door does. Counts who has connected; nobody
/// waits for it at the door, where only this process counts. Connections of a gateway that died
/// count for a minute, and its clients come to the others at once, so who is one too many is closed
/// only when they still are after `options.crowd_patience`. One shard. Where nobody can count,
/// everybody stays.
class ConnectionQuota {
 public:
  ConnectionQuota(base::TaskGroup& tasks, Clients& clients, const Services& services,
                  Meters& meters, const Options& options)
      : tasks_(tasks), clients_(clients), services_(services), meters_(meters), options_(options) {}

  void enter(const ClientPtr& client);
  void leave(const ClientPtr& client);
  /// Says again that these are connected, and closes those who were too many for too long.
  base::Task<void> refresh(std::vector<ClientPtr> clients);

 private:
  base::Task<void> gone(ClientPtr client);
  base::Task<void> count(ClientPtr client);
  base::Task<void> uncount(ClientPtr client);
  base::Deadline deadline() const;
  void failed(const std::exception& fault);

  base::TaskGroup& tasks_;
  Clients& clients_;
  Services services_;
  Meters& meters_;
  const Options& options_;
};

}  // namespace rubricon::gateway
