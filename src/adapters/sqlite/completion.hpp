/// How a database thread wakes the coroutine that asked: once, on the coroutine's own executor, and
/// harmlessly if the coroutine has gone away in the meantime.
#pragma once

#include <rubricon/base/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace rubricon::sqlite {

class Completion {
 public:
  /// Keeps the executor's context at work until it is destroyed.
  explicit Completion(boost::asio::any_io_executor executor);
  virtual ~Completion() = default;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  /// Suspends until notified. Cancelled: throws operation_aborted at once and marks `self`
  /// abandoned. Called once, on the executor.
  static base::Task<void> wait(std::shared_ptr<Completion> self);

  /// Wakes the waiters of all, with one message per executor. From any thread.
  static void notify(std::vector<std::shared_ptr<Completion>> done);

  /// Nobody waits any more: work that has not begun need not begin.
  bool abandoned() const { return abandoned_.load(std::memory_order_relaxed); }

 private:
  void fire();
  void cancel();

  boost::asio::any_io_executor executor_;
  std::atomic<bool> abandoned_ = false;
  // Touched only on the executor.
  bool fired_ = false;
  std::move_only_function<void(boost::system::error_code)> resume_;
};

}  // namespace rubricon::sqlite
