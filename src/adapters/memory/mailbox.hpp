/// A bounded queue that empties itself on an executor: what stands between somebody who publishes
/// and somebody who listens, so that no publisher ever runs a listener's code.
#pragma once

#include <rubricon/ports/event_bus.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace rubricon::memory {

/// Owned by a subscription and shared with the step that is posted. One shard: every call from
/// there.
template <typename T>
class Mailbox : public std::enable_shared_from_this<Mailbox<T>> {
 public:
  using Handler = std::function<void(T)>;

  /// Items handed over in one step, so that a full queue does not starve the shard.
  static constexpr std::size_t step_max = 256;

  Mailbox(boost::asio::any_io_executor executor, std::size_t items_max, Handler handler)
      : executor_(std::move(executor)), items_max_(items_max), handler_(std::move(handler)) {}

  /// False, and nothing is kept, where the mailbox is full.
  bool push(T item) {
    if (items_.size() >= items_max_) return false;
    items_.push_back(std::move(item));
    schedule();
    return true;
  }

  void clear() { items_.clear(); }
  std::size_t size() const { return items_.size(); }
  bool closed() const { return closed_; }

  /// No handler is called from now on, not even for what is queued.
  void close() {
    closed_ = true;
    items_.clear();
  }

 private:
  void schedule() {
    if (scheduled_ || closed_) return;
    scheduled_ = true;
    // The posted step keeps the mailbox alive, and with it the handler that it may be in.
    boost::asio::post(executor_, [self = this->weak_from_this().lock()] { self->step(); });
  }

  void step() {
    scheduled_ = false;
    for (std::size_t n = 0; n < step_max && !closed_ && !items_.empty(); ++n) {
      T item = std::move(items_.front());
      items_.pop_front();
      handler_(std::move(item));
    }
    if (!items_.empty()) schedule();
  }

  boost::asio::any_io_executor executor_;
  std::size_t items_max_;
  Handler handler_;
  std::deque<T> items_;
  bool scheduled_ = false;
  bool closed_ = false;
};

/// Closes the mailbox, then tells its maker (`leave`) to forget it.
template <typename T>
class MailboxSubscription final : public ports::Subscription {
 public:
  MailboxSubscription(std::shared_ptr<Mailbox<T>> box, std::function<void()> leave)
      : box_(std::move(box)), leave_(std::move(leave)) {}
  ~MailboxSubscription() override {
    box_->close();
    leave_();
  }

 private:
  std::shared_ptr<Mailbox<T>> box_;
  std::function<void()> leave_;
};

}  // namespace rubricon::memory
