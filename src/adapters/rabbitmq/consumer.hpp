/// The thread that listens: to every event through a queue of this process's own, and to the jobs
/// that all workers share; to each only while somebody here wants it.
#pragma once

#include <rubricon/rabbitmq/event_wire.hpp>
#include <rubricon/rabbitmq/inbox.hpp>
#include <rubricon/rabbitmq/meters.hpp>
#include <rubricon/rabbitmq/publish_call.hpp>
#include <rubricon/rabbitmq/topology.hpp>
#include <rubricon/rabbitmq/worker_thread.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace rubricon::rabbitmq {

enum class Interest { none, some };

class Consumer final : private Session {
 public:
  /// Called on the shard. A null event: from now on every event is heard, and before it some may
  /// have been missed.
  using HandleEvent = std::function<Handled(EventPtr)>;
  using HandleJob = std::function<Handled(domain::JobId)>;

  /// `meters` and `log` outlive it.
  Consumer(boost::asio::any_io_executor shard, const Endpoint& endpoint, const Options& options,
           Meters& meters, observability::Log& log, HandleEvent on_event, HandleJob on_job);
  ~Consumer() override { close(); }

  /// From any thread; takes effect soon.
  void want_events(Interest interest);
  void want_jobs(Interest interest);

  /// No handler is called from now on; acknowledges what was handled and ends the thread. On the
  /// shard. Harmless when repeated.
  void close();

 private:
  /// Messages handled between two looks at everything else.
  static constexpr int burst_max = 256;

  // On the thread.
  bool wanted() override;
  void run(Connection& connection) override;
  void lost(Stage stage, const std::string& why) override;
  void ended() override;
  void follow_interests(Connection& connection);
  void see_that_we_are_known(Connection& connection);
  bool hear_some(Connection& connection);
  void hear(Connection& connection, Channel channel, const Delivery& delivery);
  void hear_events(Connection& connection, Channel channel, const Delivery& delivery);
  void note_unreadable(const char* kind, const Delivery& delivery, const std::string& why);
  void put_aside(Connection& connection, Channel channel, const Delivery& delivery,
                 const std::string& why);
  void settle(Connection& connection);
  void forget();

  Options options_;
  Meters& meters_;
  observability::Log& log_;
  std::atomic<Interest> events_interest_ = Interest::none;
  std::atomic<Interest> jobs_interest_ = Interest::none;

  // Touched only on the thread. 0: not listening.
  Channel events_channel_ = 0;
  Channel jobs_channel_ = 0;
  std::string events_queue_;
  base::Instant look_again_{};

  WorkerThread thread_;
  std::shared_ptr<Inbox<EventPtr>> events_;
  std::shared_ptr<Inbox<domain::JobId>> jobs_;
};

}  // namespace rubricon::rabbitmq
