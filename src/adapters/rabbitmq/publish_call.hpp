/// A batch on its way to the broker: what is in it, until when, and the coroutine that waits.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/domain/event.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::rabbitmq {

using EventPtr = std::shared_ptr<const domain::Event>;

enum class Outcome {
  taken,
  unavailable,  ///< may or may not have been sent
  broken,       ///< cannot be sent, ever
};

class PublishCall {
 public:
  PublishCall(boost::asio::any_io_executor executor, base::Deadline deadline,
              std::vector<EventPtr> events, std::vector<domain::JobId> jobs)
      : executor_(std::move(executor)),
        deadline_(deadline),
        events_(std::move(events)),
        jobs_(std::move(jobs)) {}
  PublishCall(const PublishCall&) = delete;
  PublishCall& operator=(const PublishCall&) = delete;

  const std::vector<EventPtr>& events() const { return events_; }
  const std::vector<domain::JobId>& jobs() const { return jobs_; }
  std::size_t size() const { return events_.size() + jobs_.size(); }

  /// From any thread, once. Does not wait.
  static void finish(std::shared_ptr<PublishCall> self, Outcome outcome, std::string why);
  /// Nobody waits any more: what was not begun need not begin.
  bool abandoned() const { return abandoned_.load(std::memory_order_relaxed); }

  /// On the executor, once: returns when finished or when the deadline has passed; throws
  /// operation_aborted where it is cancelled.
  static base::Task<void> wait(std::shared_ptr<PublishCall> self);
  bool finished() const { return finished_; }  ///< on the executor, like the next two
  Outcome outcome() const { return outcome_; }
  const std::string& why() const { return why_; }

 private:
  class Waiting;

  boost::asio::any_io_executor executor_;
  base::Deadline deadline_;
  std::vector<EventPtr> events_;
  std::vector<domain::JobId> jobs_;
  std::atomic<bool> abandoned_ = false;
  // Touched only on the executor.
  base::Timer* timer_ = nullptr;  ///< of who waits
  bool finished_ = false;
  Outcome outcome_ = Outcome::unavailable;
  std::string why_;
};

}  // namespace rubricon::rabbitmq
