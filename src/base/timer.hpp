/// Waiting: a timer of Asio, or, on a thread with a `VirtualTime`, an alarm of that. The only way
/// to wait in Rubricon, so that the simulation can move time.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/base/virtual_time.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <utility>

namespace rubricon::base {

/// Tells a wait whose alarm rang from one that was cancelled. Private to Timer.
template <typename Handler>
struct AlarmHandler {
  Handler handler;
  std::shared_ptr<const bool> rang;

  void operator()(boost::system::error_code error) {
    std::move(handler)(*rang ? boost::system::error_code() : error);
  }
};

/// Used like a `boost::asio::steady_timer`; waits end with success at `expiry`, or with
/// `operation_aborted` when they are cancelled, the expiry is set anew, or the timer is destroyed.
class Timer {
 public:
  explicit Timer(const boost::asio::any_io_executor& executor) : timer_(executor) {}
  Timer(const boost::asio::any_io_executor& executor, Instant::duration delay);
  ~Timer() { disarm(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  Instant expiry() const { return expiry_; }
  /// Cancels waits in progress. `Instant::max()` is never.
  void expires_at(Instant expiry);
  void expires_after(Instant::duration delay);
  void cancel();

  /// Completes with `void(error_code)`, never from within this call.
  template <typename Token>
  auto async_wait(Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
        [](auto handler, Timer* self) { self->start(std::move(handler)); }, token, this);
  }

 private:
  template <typename Handler>
  void start(Handler handler) {
    if (auto* time = VirtualTime::current()) {
      arm(*time);
      timer_.async_wait(AlarmHandler<Handler>{std::move(handler), rang_});
    } else {
      timer_.async_wait(std::move(handler));
    }
  }
  /// Lets Asio's timer wait for ever, and the alarm cancel it.
  void arm(VirtualTime& time);
  void disarm();

  boost::asio::steady_timer timer_;
  Instant expiry_{};
  VirtualTime::AlarmId alarm_{};
  std::shared_ptr<bool> rang_;  ///< of the waits since the expiry was set; null before the first
};

}  // namespace rubricon::base

/// Executor, allocator and cancellation slot of a wait are those of its handler.
template <template <typename, typename> class Associator, typename Handler, typename Default>
struct boost::asio::associator<Associator, rubricon::base::AlarmHandler<Handler>, Default>
    : Associator<Handler, Default> {
  static typename Associator<Handler, Default>::type get(
      const rubricon::base::AlarmHandler<Handler>& wait) noexcept {
    return Associator<Handler, Default>::get(wait.handler);
  }
  static typename Associator<Handler, Default>::type get(
      const rubricon::base::AlarmHandler<Handler>& wait, const Default& otherwise) noexcept {
    return Associator<Handler, Default>::get(wait.handler, otherwise);
  }
};
