/// A call on its way to a database thread: what to do there, until when, and whom to tell.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/sqlite/completion.hpp>

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace rubricon::sqlite {

/// Whether a commit must be on stable storage before it is acknowledged. `lazy` is for changes
/// whose loss by a power failure costs nothing but work: they are still atomic and never lost
/// alone.
enum class Durability { lazy, full };

/// `Context` is what the thread gives to its work: a Connection to read, a Transaction to write.
template <typename Context>
class Work : public Completion {
 public:
  Work(boost::asio::any_io_executor executor, base::Deadline deadline, Durability durability)
      : Completion(std::move(executor)), deadline_(deadline), durability_(durability) {}

  /// May throw, and may be called again after a rollback: the last call counts.
  virtual void run(Context& context) = 0;

  void fail(std::exception_ptr error) { error_ = std::move(error); }
  base::Deadline deadline() const { return deadline_; }
  Durability durability() const { return durability_; }

 protected:
  const std::exception_ptr& error() const { return error_; }

 private:
  base::Deadline deadline_;
  Durability durability_;
  std::exception_ptr error_;
};

template <typename Context, typename T>
class WorkOf final : public Work<Context> {
 public:
  using Body = std::move_only_function<T(Context&)>;

  WorkOf(boost::asio::any_io_executor executor, base::Deadline deadline, Durability durability,
         Body body)
      : Work<Context>(std::move(executor), deadline, durability), body_(std::move(body)) {}

  void run(Context& context) override { value_.emplace(body_(context)); }

  /// What came of it; throws what the thread reported. After notification only.
  T take() {
    if (this->error()) std::rethrow_exception(this->error());
    return std::move(value_.value());
  }

 private:
  Body body_;
  std::optional<T> value_;
};

/// Where work waits for its thread. `enqueue` throws base::Unavailable when it is full or closed.
template <typename Context>
class WorkQueue {
 public:
  virtual ~WorkQueue() = default;
  virtual void enqueue(std::shared_ptr<Work<Context>> work) = 0;

  /// Finishes what was accepted, accepts no more, and ends the threads. Harmless when repeated.
  virtual void close() = 0;
};

/// Has `body` run by the queue's thread and returns what it returned. `body` owns what it uses.
template <typename T, typename Context>
base::Task<T> perform(WorkQueue<Context>* queue, base::Deadline deadline,
                      std::move_only_function<T(Context&)> body,
                      Durability durability = Durability::full) {
  auto work = std::make_shared<WorkOf<Context, T>>(co_await boost::asio::this_coro::executor,
                                                   deadline, durability, std::move(body));
  queue->enqueue(work);
  co_await Completion::wait(work);
  co_return work->take();
}

/// For ports that return nothing.
struct Done {};
inline base::Task<void> finished(base::Task<Done> task) {
  co_await std::move(task);
}

}  // namespace rubricon::sqlite
