/// What stands between the thread that hears the broker and the shard that handles what it heard:
/// the thread fills it, the shard empties it, and the thread learns what was handled.
#pragma once

#include <rubricon/rabbitmq/wake.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace rubricon::rabbitmq {

enum class Handled { taken, not_taken };

struct Settlement {
  std::uint64_t tag;
  Handled how;

  bool operator==(const Settlement&) const = default;
};

/// Bounded by the prefetch: the broker sends no more before what was handled is acknowledged.
/// Shared with the step that is posted. `wake` is signalled when there are settlements.
template <typename T>
class Inbox : public std::enable_shared_from_this<Inbox<T>> {
 public:
  using Handler = std::function<Handled(T)>;

  /// Items handed over in one step, so that a full box does not starve the shard.
  static constexpr std::size_t step_max = 256;

  Inbox(boost::asio::any_io_executor executor, std::shared_ptr<Wake> wake, Handler handler)
      : executor_(std::move(executor)), wake_(std::move(wake)), handler_(std::move(handler)) {}

  /// For items that nobody acknowledges.
  static constexpr std::uint64_t no_tag = 0;

  // The thread's side.
  void push(std::uint64_t tag, T item) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    waiting_.push_back({tag, std::move(item)});
    schedule();
  }
  /// What was handled since the last call, in order.
  std::vector<Settlement> settled() {
    const std::lock_guard lock(mutex_);
    return std::exchange(settled_, {});
  }
  /// The channel is gone, and its tags with it: what waits is dropped.
  void forget() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    settled_.clear();
    ++generation_;
  }

  /// By the shard: no handler is called from now on.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    waiting_.clear();
  }

 private:
  struct Item {
    std::uint64_t tag;
    T what;
  };

  void schedule() {
    if (scheduled_) return;
    scheduled_ = true;
    boost::asio::post(executor_, [self = this->shared_from_this()] { self->step(); });
  }

  void step() {
    std::uint64_t generation = 0;
    std::deque<Item> items;
    {
      const std::lock_guard lock(mutex_);
      generation = generation_;
      const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), step_max));
      std::move(waiting_.begin(), waiting_.begin() + count, std::back_inserter(items));
      waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    }
    std::vector<Settlement> settled;
    for (auto& item : items) {
      if (is_closed()) break;
      const Handled how = handler_(std::move(item.what));
      if (item.tag != no_tag) settled.push_back({item.tag, how});
    }
    finish(generation, std::move(settled));
  }

  void finish(std::uint64_t generation, std::vector<Settlement> settled) {
    {
      const std::lock_guard lock(mutex_);
      scheduled_ = false;
      if (!waiting_.empty()) schedule();
      if (generation != generation_ || settled.empty()) return;
      settled_.insert(settled_.end(), settled.begin(), settled.end());
    }
    wake_->signal();
  }

  bool is_closed() {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  boost::asio::any_io_executor executor_;
  std::shared_ptr<Wake> wake_;
  Handler handler_;

  std::mutex mutex_;
  std::deque<Item> waiting_;
  std::vector<Settlement> settled_;
  std::uint64_t generation_ = 0;
  bool scheduled_ = false;
  bool closed_ = false;
};

}  // namespace rubricon::rabbitmq
