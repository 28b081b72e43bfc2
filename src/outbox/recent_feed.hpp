/// Keeps the last messages of chats right (ports/recent_messages.hpp) by the events that the relay
/// hands on. Whatever is missed here costs one read of the store, and nothing else.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/ports/recent_messages.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

namespace rubricon::outbox {

/// For the relay alone, in place of `bus`. Lives on one shard; everything given outlives `stop()`.
class RecentFeed final : public ports::EventBus {
 public:
  /// Events that may wait for the cache. Beyond them, and while the cache cannot be reached, events
  /// pass it by, and a chat that they leave a hole in is forgotten there.
  static constexpr std::size_t waiting_max = 4'096;

  RecentFeed(boost::asio::any_io_executor executor, ports::EventBus& bus,
             ports::RecentMessages& recent, const ports::Clock& clock, observability::Log& log,
             observability::Metrics& metrics);

  /// As `bus` does it, without waiting for the cache.
  base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                           base::Deadline deadline) override;
  std::unique_ptr<ports::Subscription> subscribe(ports::EventHandler on_event,
                                                 ports::ReconnectHandler on_reconnect) override;
  bool connected() const override { return bus_.connected(); }

  /// Forgets what waits.
  base::Task<void> stop();

 private:
  void add(std::shared_ptr<const domain::Event> event);
  base::Task<void> apply_waiting();

  ports::EventBus& bus_;
  ports::RecentMessages& recent_;
  const ports::Clock& clock_;
  observability::Counter& passed_by_;
  std::deque<std::shared_ptr<const domain::Event>> waiting_;
  bool applying_ = false;
  base::TaskGroup tasks_;
};

}  // namespace rubricon::outbox
