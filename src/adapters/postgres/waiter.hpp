/// One coroutine that waits for another one on the same shard.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/base/timer.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace rubricon::postgres {

class Waiter {
 public:
  enum class Woken { called, late };

  explicit Waiter(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  /// Ends the wait that is going on, or the next one at once.
  void call();
  bool called() const { return called_; }
  /// Waits to be called from now on; forgets earlier calls.
  void reset() { called_ = false; }

  /// `late` after `at_most` without a call. Throws operation_aborted where the coroutine is
  /// cancelled and has not been called.
  base::Task<Woken> wait(base::Instant::duration at_most);
  /// For as long as it takes.
  base::Task<void> wait();

 private:
  base::Timer timer_;
  bool called_ = false;
};

}  // namespace rubricon::postgres
