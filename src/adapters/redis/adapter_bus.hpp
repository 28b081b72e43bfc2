/// What may be lost, over the channels of the Socket.IO Redis adapter: gateways hear it from each
/// other and from workers, and so does any Node server with `@socket.io/redis-adapter`.
#pragma once

#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/ephemeral_bus.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/redis/adapter_channels.hpp>
#include <rubricon/redis/connection.hpp>

#include <cstdint>
#include <string>

namespace rubricon::redis {

/// 6 characters of `[A-Za-z0-9_-]`: one for all that a process publishes and hears.
std::string make_adapter_uid(ports::Random& random);

/// Subscribers are those of `local`, a bus of this process: they hear what is published here
/// without Redis, and what others publish through an AdapterNode. While Redis is away the others
/// hear nothing. Connection and `local` outlive it.
class AdapterBus final : public ports::EphemeralBus {
 public:
  AdapterBus(Connection& connection, ports::EphemeralBus& local, std::string uid,
             AdapterChannels channels, observability::Metrics& metrics);

  void publish(ports::Ephemeral message) override;
  std::unique_ptr<ports::Subscription> subscribe(ports::EphemeralHandler on_message) override;

 private:
  bool send(const ports::Ephemeral& message);

  Connection& connection_;
  ports::EphemeralBus& local_;
  std::string uid_;
  AdapterChannels channels_;
  observability::Counter& published_;
  observability::Counter& dropped_;
};

}  // namespace rubricon::redis
