/// Tells the Node servers of a cluster what is stored, while an installation moves from them to
/// ours: their clients then hear `new-msg` and the like.
#pragma once

#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/redis/adapter_channels.hpp>
#include <rubricon/redis/connection.hpp>

namespace rubricon::redis {

/// For the relay alone. What `bus` has taken is also published on the adapter's channels, under a
/// name (`adapter_bridge_uid`) that no gateway of ours listens to: they have it from `bus`. At most
/// once, and without waiting: a Redis that is away holds nothing up, and Node's clients read what
/// they missed over REST. Whoever can listen on Redis reads along. `bus` and connection outlive it.
class EventBridge final : public ports::EventBus {
 public:
  EventBridge(ports::EventBus& bus, Connection& connection, AdapterChannels channels,
              observability::Metrics& metrics);

  base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                           base::Deadline deadline) override;
  std::unique_ptr<ports::Subscription> subscribe(ports::EventHandler on_event,
                                                 ports::ReconnectHandler on_reconnect) override;
  bool connected() const override { return bus_.connected(); }

 private:
  bool tell(const domain::Event& event);

  ports::EventBus& bus_;
  Connection& connection_;
  AdapterChannels channels_;
  observability::Counter& told_;
  observability::Counter& dropped_;
};

}  // namespace rubricon::redis
