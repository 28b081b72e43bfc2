/// Threads for work that would hold up a shard: it is done elsewhere, and the coroutine that asked
/// goes on where it was. Owned by adapters only.
#pragma once

#include <rubricon/base/task.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace rubricon::base {

/// Destroy it while the executors of its callers still exist: what is queued then is dropped with
/// its coroutine, what runs is waited for.
class WorkPool {
 public:
  /// At most `queue_max` pieces of work wait or run at a time.
  WorkPool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max), threads_(threads) {}
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  /// Runs `work`, which owns what it uses, on a thread and resumes on the caller's executor with
  /// what it returned; nullopt at once where the queue is full. Throws what `work` throws. Work
  /// that has been accepted is not cancelled. From any thread.
  template <typename Work>
  Task<std::optional<std::invoke_result_t<Work>>> run(Work work) {
    if (!admit()) co_return std::nullopt;
    co_return co_await offload(std::move(work));
  }

 private:
  bool admit();

  template <typename Work>
  auto offload(Work work) {
    using Value = std::optional<std::invoke_result_t<Work>>;
    auto start = [this](auto handler, Work job) {
      // The work guard keeps the caller's loop running until the result is there.
      auto executor = boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                          boost::asio::execution::outstanding_work.tracked);
      boost::asio::post(
          threads_, [this, executor, job = std::move(job), handler = std::move(handler)]() mutable {
            Value value;
            std::exception_ptr error;
            try {
              value.emplace(job());
            } catch (...) {
              error = std::current_exception();
            }
            pending_.fetch_sub(1, std::memory_order_relaxed);
            boost::asio::dispatch(executor, [handler = std::move(handler), error,
                                             value = std::move(value)]() mutable {
              std::move(handler)(error, std::move(value));
            });
          });
    };
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                       void(std::exception_ptr, Value)>(
        std::move(start), boost::asio::use_awaitable, std::move(work));
  }

  const std::size_t queue_max_;
  std::atomic<std::size_t> pending_{0};
  boost::asio::thread_pool threads_;
};

}  // namespace rubricon::base
