/// The broker of a single process: events to every gateway, job announcements to one worker.
#pragma once

#include <rubricon/ports/event_bus.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace rubricon::memory {

/// What becomes of one delivery; for tests that make the world unreliable.
enum class Fate {
  deliver,
  lose,
  repeat,  ///< delivered twice
  delay,   ///< delivered after the next one of the same subscriber
};

struct BrokerOptions {
  /// Waiting events per subscriber. One that falls further behind loses all of them and is told so
  /// by its ReconnectHandler: it reads what it missed from the log.
  std::size_t events_max = 8192;
  /// Waiting announcements. A newcomer beyond that is dropped: the jobs' sweep repeats it.
  std::size_t jobs_max = 8192;
};

struct BrokerStats {
  std::uint64_t events_published = 0;
  std::uint64_t overflows = 0;     ///< a subscriber fell behind and lost its queue
  std::uint64_t jobs_dropped = 0;  ///< announcements that found the queue full
};

/// Lives on one shard: every call from there, and every handler is called there, never from within
/// `publish` or `announce`. Keeps order; delivers each event once to each subscriber unless a test
/// says otherwise. Announcements wait while nobody consumes and go to the consumers in turn.
/// Subscriptions may outlive the broker.
class Broker final : public ports::EventBus, public ports::JobQueue {
 public:
  using Options = BrokerOptions;

  explicit Broker(boost::asio::any_io_executor executor, Options options = {});
  ~Broker() override;
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  /// Resolves without waiting.
  base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                           base::Deadline deadline) override;
  std::unique_ptr<ports::Subscription> subscribe(ports::EventHandler on_event,
                                                 ports::ReconnectHandler on_reconnect) override;
  bool connected() const override;
  base::Task<void> announce(std::vector<domain::JobId> jobs, base::Deadline deadline) override;
  std::unique_ptr<ports::Subscription> consume(ports::JobHandler on_job) override;

  const BrokerStats& stats() const;

  /// For tests. `fate` decides for each event and subscriber; an empty function means `deliver`.
  void set_fate(std::function<Fate(const domain::Event&)> fate);
  /// For tests: while off, `publish` and `announce` throw base::Unavailable, and it is not
  /// `connected`.
  void switch_off();
  void switch_on();
  /// For tests: every subscriber loses what waits for it and is told that it reconnected.
  void drop_connections();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rubricon::memory
