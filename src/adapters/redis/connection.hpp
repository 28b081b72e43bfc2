/// Asks Redis: every coroutine's commands over one connection, in the order in which they were
/// asked, many in one write.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/redis/line.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace rubricon::redis {

struct ConnectionOptions {
  LineOptions line;
  /// Commands without an answer; more are refused.
  std::size_t waiting_max = 8'192;
  /// No answer is waited for longer, whatever the deadline, and while the oldest command has
  /// waited that long nothing new is asked: so a Redis that hangs costs at most this once.
  base::Milliseconds answer_max{500};
};

/// One executor. Without Redis every call fails at once: nothing waits for a reconnection.
class Connection {
 public:
  Connection(boost::asio::any_io_executor executor, ConnectionOptions options, Tools tools,
             observability::Metrics& metrics);
  /// After `stop()`, and when every call has ended.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() { line_.start(); }
  /// Calls under way fail; then nothing runs any more.
  base::Task<void> stop();

  /// The answer, which is never an ErrorReply save one with the code `expected_error`. Faults:
  /// throws base::Unavailable where Redis is away, hangs, refuses or has too much to do,
  /// base::DeadlineExceeded where the answer is late. Whether the command was run is unknown then.
  base::Task<Reply> call(Command command, base::Deadline deadline, std::string expected_error = {});
  /// Sends without waiting for the answer. False where it was not sent.
  bool post(const Command& command);

  /// Whether a call now would be tried.
  bool usable() const;

 private:
  struct Waiter;
  struct Asked {
    std::shared_ptr<Waiter> waiter;  ///< null where nobody waits
    base::Instant at;
  };
  struct Meters {
    explicit Meters(observability::Metrics& metrics);
    observability::Counter& answered;
    observability::Counter& refused;
    observability::Counter& late;
    observability::Counter& away;
    observability::Counter& connects;
    observability::Histogram& seconds;
    observability::Gauge& waiting;
    observability::Gauge& up;
  };

  Line::Handlers handlers();
  void answered(Reply reply);
  void lost();
  /// What stands against asking now; null where nothing does.
  const char* obstacle() const;
  bool ask(const Command& command, std::shared_ptr<Waiter> waiter);
  Reply checked(Reply reply, const std::string& expected_error);

  boost::asio::any_io_executor executor_;
  ConnectionOptions options_;
  Tools tools_;
  Meters meters_;
  std::deque<Asked> asked_;  ///< without an answer, oldest first
  Line line_;
};

}  // namespace rubricon::redis
