/// The thread of one process: runs what is ready, unless the process is stopped as SIGSTOP does;
/// then everything waits and runs when it is woken, however long its timers are over.
#pragma once

#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/require.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace rubricon::sim {

/// Shared by all copies of an executor.
struct Thread {
  explicit Thread(boost::asio::io_context& context) : io(context) {}

  boost::asio::io_context& io;
  bool stopped = false;
  std::deque<std::move_only_function<void()>> waiting;
};

class Executor {
 public:
  explicit Executor(std::shared_ptr<Thread> thread) : thread_(std::move(thread)) {}

  template <typename Step>
  void execute(Step step) const {
    if (thread_->stopped) {
      thread_->waiting.emplace_back(std::move(step));
    } else {
      post(std::move(step));
    }
  }
  void stop() const { thread_->stopped = true; }
  void wake() const {
    thread_->stopped = false;
    for (auto& step : std::exchange(thread_->waiting, {})) post(std::move(step));
  }

  bool operator==(const Executor&) const noexcept = default;
  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
    return thread_->io;
  }
  static constexpr boost::asio::execution::blocking_t query(
      boost::asio::execution::blocking_t) noexcept {
    return boost::asio::execution::blocking.never;
  }

 private:
  template <typename Step>
  void post(Step step) const {
    boost::asio::require(thread_->io.get_executor(), boost::asio::execution::blocking.never)
        .execute(std::move(step));
  }

  std::shared_ptr<Thread> thread_;
};

}  // namespace rubricon::sim
