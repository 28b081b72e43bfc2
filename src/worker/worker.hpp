/// Consumes announced AI jobs, a few at a time, and looks by itself for those whose announcement
/// was lost or whose worker died.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/worker/answer.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <unordered_set>

namespace rubricon::worker {

struct WorkerOptions {
  AnswerOptions answer;
  std::size_t concurrency_max = 8;
  /// Announcements beyond this are dropped; the sweep finds their jobs.
  std::size_t queue_max = 10'000;
  base::Milliseconds sweep{5'000};
  /// A job queued for longer than this was forgotten by everybody.
  base::Milliseconds queued_max{5'000};
  /// The longest pause before a job is tried again whose rubric a teacher changed meanwhile; half
  /// of it by lot. `AnswerOptions::attempts_max` bounds how often.
  base::Milliseconds retry{500};
  /// How long `stop` waits for answers that are being written.
  base::Milliseconds stop_patience{5'000};
};

/// Lives on one shard; every call from there. The services must outlive `stop()`.
class Worker {
 public:
  Worker(boost::asio::any_io_executor executor, AnswerServices services, ports::JobQueue& queue,
         observability::Metrics& metrics, WorkerOptions options = {});
  ~Worker();

  /// Looks for every open job once, then consumes.
  void start();
  /// Takes no more jobs, lets the running ones end for `stop_patience`, and cancels the others:
  /// their leases bring them back.
  base::Task<void> stop();

  std::size_t running() const { return running_.size(); }

 private:
  void enqueue(domain::JobId job);
  void start_waiting();
  base::Task<void> work(domain::JobId job);
  base::Task<void> try_again(domain::JobId job);
  base::Task<void> sweep();
  void failed(const char* event, const std::exception& error, domain::JobId job);

  AnswerServices services_;
  ports::JobQueue& queue_;
  WorkerOptions options_;
  observability::Counter& answered_;
  observability::Counter& failed_;
  observability::Counter& stopped_;
  observability::Counter& skipped_;
  observability::Counter& stale_;
  observability::Counter& faults_;
  observability::Histogram& duration_;
  std::deque<domain::JobId> waiting_;
  std::unordered_set<domain::JobId> known_;  ///< waiting or running here
  std::unordered_set<domain::JobId> running_;
  std::unique_ptr<ports::Subscription> subscription_;
  bool stopping_ = false;
  base::Timer answered_last_;  ///< cancelled when nothing runs any more
  base::TaskGroup tasks_;
};

}  // namespace rubricon::worker
