/// What may be lost, inside one process.
#pragma once

#include <rubricon/ports/ephemeral_bus.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>

namespace rubricon::memory {

/// Lives on one shard, like Broker. A subscriber with `waiting_max` messages waiting loses
/// newcomers. Subscriptions may outlive the bus.
class Ephemerals final : public ports::EphemeralBus {
 public:
  explicit Ephemerals(boost::asio::any_io_executor executor, std::size_t waiting_max = 4096);
  ~Ephemerals() override;
  Ephemerals(const Ephemerals&) = delete;
  Ephemerals& operator=(const Ephemerals&) = delete;

  void publish(ports::Ephemeral message) override;
  std::unique_ptr<ports::Subscription> subscribe(ports::EphemeralHandler on_message) override;

  /// Messages that a full subscriber did not get.
  std::uint64_t dropped() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rubricon::memory
