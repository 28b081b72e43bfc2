/// The broker of many processes: RabbitMQ. Events go to a queue of each gateway, AI jobs to a queue
/// that all workers share. The database is the log, so what is lost here is found again there; see
/// README.md for what is kept, where and how long.
#pragma once

#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/rabbitmq/endpoint.hpp>
#include <rubricon/rabbitmq/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>

namespace rubricon::rabbitmq {

/// How far a subscription is: nobody wants it, it is being made (or made again), it is in place.
enum class Feed { off, starting, live };

/// Running totals and present states. Reading them never blocks.
struct Statistics {
  bool publisher_connected = false;
  bool consumer_connected = false;
  bool blocked = false;  ///< the broker takes no messages (memory or disk alarm)
  Feed events = Feed::off;
  Feed jobs = Feed::off;
  std::uint64_t events_published = 0;  ///< confirmed
  std::uint64_t jobs_published = 0;
  std::uint64_t events_delivered = 0;  ///< handed to the subscribers
  std::uint64_t jobs_delivered = 0;
  std::uint64_t jobs_requeued = 0;   ///< no handler took them
  std::uint64_t unreadable = 0;      ///< messages that made no sense, put aside
  std::uint64_t returned = 0;        ///< jobs that found no queue
  std::uint64_t queue_refusals = 0;  ///< calls refused because too many messages waited
};

/// Subscriptions live on one shard, whose executor the constructor is given: `subscribe` and
/// `consume` are called there, and every handler. `publish` and `announce` may be awaited on any
/// executor. Two threads of its own, one for each connection; a connection is made when it is first
/// needed, and again whenever it is lost.
///
/// `publish` and `announce` resolve when the broker has confirmed every message. They throw
/// base::Unavailable when the connection is lost or cannot be made, when a message is refused or (a
/// job) finds no queue, and when `publish_queue_max` messages wait already; base::DeadlineExceeded
/// at the deadline, also while the broker is short of memory or disk; std::length_error where an
/// event is too large. Order is kept.
///
/// `subscribe` takes effect soon: its ReconnectHandler is called when it does, and again after
/// every loss of the connection. A gateway that falls behind loses its oldest events.
///
/// A job is acknowledged when its handler has returned: what the handler then forgets, the jobs'
/// sweep repeats. A handler that throws gives it back; the `delivery_limit`th time it goes to the
/// dead ones. Whatever was not handled when the subscription ends goes back to the others.
///
/// Lifetime: `log` and `metrics` outlive it, and nobody awaits it when it is destroyed, on the
/// shard, which takes at most about `close_timeout`, or the time-outs of a connection in the
/// making. Subscriptions may outlive it.
class Broker final : public ports::EventBus, public ports::JobQueue {
 public:
  Broker(boost::asio::any_io_executor shard, const Endpoint& endpoint, const Options& options,
         observability::Log& log, observability::Metrics& metrics);
  ~Broker() override;
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                           base::Deadline deadline) override;
  std::unique_ptr<ports::Subscription> subscribe(ports::EventHandler on_event,
                                                 ports::ReconnectHandler on_reconnect) override;
  bool connected() const override;
  base::Task<void> announce(std::vector<domain::JobId> jobs, base::Deadline deadline) override;
  std::unique_ptr<ports::Subscription> consume(ports::JobHandler on_job) override;

  Statistics statistics() const;

 private:
  struct State;
  template <typename Member>
  class Membership;

  std::shared_ptr<State> state_;
};

}  // namespace rubricon::rabbitmq
