/// The thread that publishes: batches wait in a bounded queue, are sent one after the other, and
/// are answered when the broker has confirmed every message of them.
#pragma once

#include <rubricon/rabbitmq/confirms.hpp>
#include <rubricon/rabbitmq/meters.hpp>
#include <rubricon/rabbitmq/publish_call.hpp>
#include <rubricon/rabbitmq/topology.hpp>
#include <rubricon/rabbitmq/worker_thread.hpp>

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace rubricon::rabbitmq {

class Publisher final : private Session {
 public:
  /// `meters` and `log` outlive it.
  Publisher(const Endpoint& endpoint, const Options& options, Meters& meters,
            observability::Log& log);
  ~Publisher() override { close(); }

  /// Sends and waits for the confirms. Throws base::Unavailable; base::DeadlineExceeded at the
  /// deadline; std::length_error where a message is too large for any broker. Alive until it
  /// resolves or is cancelled.
  base::Task<void> hand_over(std::shared_ptr<PublishCall> call);
  /// The deadline that a call gets at most.
  base::Deadline limit(base::Deadline deadline) const;

  /// Fails what waits, and ends the thread. Harmless when repeated.
  void close();

 private:
  using Instant = base::Instant;

  struct InFlight {
    std::shared_ptr<PublishCall> call;
    Instant sent;
  };

  void enqueue(std::shared_ptr<PublishCall> call);
  void withdraw(const std::shared_ptr<PublishCall>& call);
  void rescue();

  // On the thread.
  bool wanted() override;
  void run(Connection& connection) override;
  void lost(Stage stage, const std::string& why) override;
  void ended() override;
  void handle(const Received& what);
  void handle_confirm(const Confirmed& confirmed);
  std::shared_ptr<PublishCall> next_call();
  void send(Connection& connection, const std::shared_ptr<PublishCall>& call);
  void send_all(Connection& connection, const PublishCall& call,
                const std::vector<std::string>& bodies, std::uint64_t tag);
  void settle(const Settled& settled);
  void block(bool blocked, const std::string& reason);
  void fail_in_flight(const std::string& why);
  void fail_queued(const std::string& why);
  void left_queue(const PublishCall& call);

  Options options_;
  Names names_;
  Meters& meters_;
  observability::Log& log_;

  std::mutex mutex_;
  std::deque<std::shared_ptr<PublishCall>> queue_;
  std::size_t queued_messages_ = 0;
  bool closed_ = false;

  /// When the send began that the thread is in; zero where it is in none.
  std::atomic<Instant::rep> sending_since_ = 0;

  // Touched only on the thread.
  bool was_wanted_ = false;
  bool blocked_ = false;
  bool topology_lost_ = false;
  Channel channel_ = 0;
  Confirms confirms_;
  std::map<std::uint64_t, InFlight> in_flight_;  ///< by batch
  std::uint64_t batch_last_ = 0;

  WorkerThread thread_;  // last: it uses all of the above
};

}  // namespace rubricon::rabbitmq
