/// A value that arrives later: what a handler waits for while others work on its answer, such as a
/// long poll.
#pragma once

#include <rubricon/base/assert.hpp>
#include <rubricon/base/task.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace rubricon::net {

/// One value, one waiter, one thread. `set` may come before or after `get`; the waiter goes on in a
/// step of its own, never inside `set`. Copies share the value. A waiter keeps it alive, so it ends
/// by a value or by cancellation (its task group's `stop`), not by the setter's disappearance.
template <typename T>
class Deferred {
 public:
  Deferred() : state_(std::make_shared<State>()) {}

  /// The first value counts, later ones are dropped.
  void set(T value) const {
    if (state_->value || state_->taken) return;
    state_->value.emplace(std::move(value));
    state_->wake({});
  }
  bool is_set() const { return state_->value.has_value() || state_->taken; }

  /// Waits for the value and takes it; call once. Cancelling throws operation_aborted, and a value
  /// set afterwards is dropped.
  base::Task<T> get() const { return wait(state_); }

 private:
  using ErrorCode = boost::system::error_code;

  struct State {
    std::optional<T> value;
    bool taken = false;
    std::move_only_function<void(ErrorCode)> waiter;

    void wake(ErrorCode error) {
      if (auto resume = std::exchange(waiter, nullptr)) resume(error);
    }
  };

  static base::Task<T> wait(std::shared_ptr<State> state) {
    RUBRICON_ASSERT(!state->taken);
    if (!state->value) {
      co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(ErrorCode)>(
          [](auto handler, std::shared_ptr<State> s) {
            auto slot = boost::asio::get_associated_cancellation_slot(handler);
            s->waiter = [h = std::move(handler)](ErrorCode error) mutable {
              auto executor = boost::asio::get_associated_executor(h);
              boost::asio::post(executor,
                                [h = std::move(h), error]() mutable { std::move(h)(error); });
            };
            if (slot.is_connected()) {
              slot.assign([weak = std::weak_ptr<State>(s)](boost::asio::cancellation_type) {
                if (const auto live = weak.lock())
                  live->wake(boost::asio::error::operation_aborted);
              });
            }
          },
          boost::asio::use_awaitable, state);
    }
    state->taken = true;
    T value = std::move(*state->value);
    state->value.reset();
    co_return value;
  }

  std::shared_ptr<State> state_;
};

}  // namespace rubricon::net
