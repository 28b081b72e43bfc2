/// A gate and a cancellation in one: the coroutines that an object has started and not yet joined.
/// The object that spawns owns the group and outlives it by construction, so a coroutine may use
/// its members. Nothing in Rubricon runs outside a group.
#pragma once

#include <rubricon/base/task.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace rubricon::base {

class TaskGroup {
 public:
  /// Called with what a coroutine threw (cancellation excepted). Must not throw.
  using ErrorHandler = std::function<void(std::exception_ptr)>;

  /// `executor` must run on one thread; every call below must come from it.
  TaskGroup(boost::asio::any_io_executor executor, ErrorHandler on_error);
  /// Asserts that the group is empty: `stop()` it first.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts `task` soon (never before returning). Returns false, and starts nothing, once stopped.
  bool spawn(Task<void> task);

  /// Refuses newcomers, requests terminal cancellation of all, and completes when the last is done.
  /// May be awaited several times.
  Task<void> stop();

  std::size_t size() const;
  bool stopped() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rubricon::base
