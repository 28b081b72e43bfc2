#include <rubricon/base/task_group.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/cancellation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>

namespace rubricon::base {
namespace asio = boost::asio;

struct TaskGroup::State {
  State(asio::any_io_executor ex, ErrorHandler handler)
      : executor(std::move(ex)), on_error(std::move(handler)), emptied(executor) {
    emptied.expires_at(asio::steady_timer::time_point::max());
  }

  asio::any_io_executor executor;
  ErrorHandler on_error;
  std::list<asio::cancellation_signal> running;
  asio::steady_timer emptied;  ///< never fires; cancelled to wake those who wait in stop()
  bool stopped = false;

  void finished(std::list<asio::cancellation_signal>::iterator task, std::exception_ptr error) {
    retire(task);
    if (error && !cancelled(error)) on_error(error);
    if (running.empty()) emptied.cancel();
  }

  /// Asio carries a cancellation out in a later step, with a pointer into the signal: a task that
  /// ends by itself just then must leave the signal there until after that step.
  void retire(std::list<asio::cancellation_signal>::iterator task) {
    if (!stopped) return static_cast<void>(running.erase(task));
    auto ended = std::make_shared<std::list<asio::cancellation_signal>>();
    ended->splice(ended->begin(), running, task);
    asio::post(executor, [ended] {});
  }

  static bool cancelled(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      return is_cancellation(e);
    } catch (...) {
      return false;
    }
  }
};

TaskGroup::TaskGroup(asio::any_io_executor executor, ErrorHandler on_error)
    : state_(std::make_shared<State>(std::move(executor), std::move(on_error))) {}

TaskGroup::~TaskGroup() {
  RUBRICON_ASSERT(state_->running.empty());
}

bool TaskGroup::spawn(Task<void> task) {
  if (state_->stopped) return false;
  const auto entry = state_->running.emplace(state_->running.end());
  auto done = [state = state_, entry](std::exception_ptr error) { state->finished(entry, error); };
  // The start is posted so that the caller finishes its step first.
  asio::co_spawn(
      state_->executor,
      [](Task<void> body) -> Task<void> {
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        co_await std::move(body);
      }(std::move(task)),
      asio::bind_cancellation_slot(entry->slot(), std::move(done)));
  return true;
}

Task<void> TaskGroup::stop() {
  const auto state = state_;
  state->stopped = true;
  // Emitting may finish a task and erase its entry, so each signal is emitted from its own step.
  for (auto it = state->running.begin(); it != state->running.end();) {
    auto& signal = *it++;
    signal.emit(asio::cancellation_type::terminal);
  }
  while (!state->running.empty()) {
    boost::system::error_code ignored;
    co_await state->emptied.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

std::size_t TaskGroup::size() const {
  return state_->running.size();
}
bool TaskGroup::stopped() const {
  return state_->stopped;
}

}  // namespace rubricon::base
