/// The broker: a wake-up with payload. The database is the log, so everything here may be lost,
/// repeated or reordered by the world without harm; only latency suffers.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/event.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace rubricon::ports {

/// Ends a subscription when destroyed, on the shard that made it. No call follows.
class Subscription {
 public:
  virtual ~Subscription() = default;
};

/// Called on the subscriber's shard. Must not block; what it cannot hold it must bound itself.
using EventHandler = std::function<void(std::shared_ptr<const domain::Event>)>;
/// Called on the subscriber's shard after the connection to the broker was lost and made again, and
/// when a subscription comes into force later than `subscribe` returns: anything that was published
/// before may have been missed.
using ReconnectHandler = std::function<void()>;
/// Called on the consumer's shard. Once it has returned, the announcement is gone. What it throws
/// means that it has not taken the job; brokers that can give it to another consumer do.
using JobHandler = std::function<void(domain::JobId)>;

class EventBus {
 public:
  virtual ~EventBus() = default;

  /// Delivers each event to every subscriber at least once if nothing fails; resolves when the
  /// broker has taken the whole batch. Cancelling is safe: publishing it again is harmless. Faults:
  /// throws base::Unavailable when the broker cannot be reached before `deadline`.
  virtual base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                                   base::Deadline deadline) = 0;
  /// Every gateway hears every event that is published once the subscription is in force.
  [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(EventHandler on_event,
                                                                ReconnectHandler on_reconnect) = 0;
  /// False while those who have subscribed here are known to miss what is published, because the
  /// connection is away or in the making: whoever cannot wait for the ReconnectHandler asks the
  /// log meanwhile. True is no promise. On the subscribers' shard.
  virtual bool connected() const = 0;
};

/// Announces AI jobs; one worker of all hears each announcement.
class JobQueue {
 public:
  virtual ~JobQueue() = default;

  /// As EventBus::publish. An announcement may be lost with the broker; the jobs' sweep repeats it.
  virtual base::Task<void> announce(std::vector<domain::JobId> jobs, base::Deadline deadline) = 0;
  [[nodiscard]] virtual std::unique_ptr<Subscription> consume(JobHandler on_job) = 0;
};

/// Announces `job` where that can be done before `deadline`; else the jobs' sweep finds it. `jobs`
/// outlives the call.
base::Task<void> try_to_announce(JobQueue* jobs, domain::JobId job, base::Deadline deadline);

}  // namespace rubricon::ports
