/// A broker between processes with all the faults one can have: events and announcements are lost,
/// repeated, late and out of order; it does not confirm what it took; it dies and forgets
/// everything, and tells its subscribers of the new connection or does not.
#pragma once

#include <rubricon/ports/event_bus.hpp>
#include <rubricon/sim/dice.hpp>
#include <rubricon/sim/loop.hpp>

#include <memory>
#include <vector>

namespace rubricon::sim {

struct BrokerFaults {
  double lose = 0;
  double repeat = 0;
  double delay = 0;  ///< chance of a delivery to be late by up to `delay_max`, overtaken by others
  base::Milliseconds delay_max{2'000};
  double confirm_lost = 0;
  bool reachable = true;
};

/// Shared by all processes. One shard.
class Broker final : public ports::EventBus, public ports::JobQueue {
 public:
  Broker(Loop& loop, Dice dice) : loop_(loop), dice_(dice) {}

  BrokerFaults faults;

  /// Everything on its way is lost; subscribers come back by themselves and are told so.
  void lose_connections();

  base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                           base::Deadline deadline) override;
  std::unique_ptr<ports::Subscription> subscribe(ports::EventHandler on_event,
                                                 ports::ReconnectHandler on_reconnect) override;
  bool connected() const override { return faults.reachable; }
  base::Task<void> announce(std::vector<domain::JobId> jobs, base::Deadline deadline) override;
  std::unique_ptr<ports::Subscription> consume(ports::JobHandler on_job) override;

 private:
  struct Listener {
    ports::EventHandler on_event;
    ports::ReconnectHandler on_reconnect;
    ports::JobHandler on_job;
    At last_due{};  ///< what comes in order comes not before this
  };
  using ListenerPtr = std::shared_ptr<Listener>;
  class Leaving;

  base::Task<void> exchange();
  void deliver(const ListenerPtr& to, const std::function<void(Listener&)>& what);
  void send(const ListenerPtr& to, const std::function<void(Listener&)>& what);
  std::unique_ptr<ports::Subscription> add(Listener listener);

  Loop& loop_;
  Dice dice_;
  std::vector<ListenerPtr> listeners_;
  std::uint64_t connection_ = 0;  ///< counts the losses of connections
};

}  // namespace rubricon::sim
