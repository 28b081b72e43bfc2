/// Step 2 of a message's way: what was committed is handed to the broker, in order, at least once.
/// Rows are claimed for a time, published, and deleted only after the broker has taken them, so a
/// crash at any point repeats events and never loses one (ARCHITECTURE.md, step 2).
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/ports/outbox.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace rubricon::outbox {

struct RelayOptions {
  std::size_t batch_max = 500;
  /// How long a claim holds: longer than `call_timeout`, within which a batch is taken or not,
  /// shorter than anybody's patience. What a dead process had claimed is published by another one
  /// after this.
  base::Milliseconds lease{4'000};
  /// The longest wait between two looks at the outbox when nothing pokes.
  base::Milliseconds sweep{100};
  base::Milliseconds call_timeout{3'000};
  base::Milliseconds backoff_min{50};
  base::Milliseconds backoff_max{5'000};
  /// How often the age of the oldest row is measured; older than `age_alarm` is logged as an error.
  base::Milliseconds watch{1'000};
  base::Milliseconds age_alarm{5'000};
};

/// Lives on one shard; every call from there. The services must outlive `stop()`.
class Relay {
 public:
  Relay(boost::asio::any_io_executor executor, ports::Outbox& outbox, ports::EventBus& bus,
        ports::JobQueue& jobs, const ports::Clock& clock, observability::Log& log,
        observability::Metrics& metrics, RelayOptions options = {});
  ~Relay();

  /// Begins to relay, and listens to the outbox's commits.
  void start();
  /// Stops listening and ends the loop after the batch that is under way, or within it where it
  /// takes longer than `call_timeout`: its rows come back when their claim ends. Safe to call when
  /// never started.
  base::Task<void> stop();

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
  base::TaskGroup tasks_;
  ports::Outbox& outbox_;
};

}  // namespace rubricon::outbox
