/// So many calls at a time and no more, shared fairly: whoever asks twenty questions at once waits
/// for their own, and nobody waits for twenty of somebody else. After Nygard's bulkheads, with a
/// queue a user, served in turn.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/domain/ids.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>

namespace rubricon::worker {

struct BulkheadOptions {
  std::size_t places = 8;
  std::size_t places_per_user = 2;
  std::size_t waiting_max = 1'000;
  /// So that one person's questions do not fill the room in which those of others wait.
  std::size_t waiting_per_user_max = 50;
};

/// One shard. Outlives its places.
class Bulkhead {
 public:
  explicit Bulkhead(BulkheadOptions options) : options_(options) {}
  Bulkhead(const Bulkhead&) = delete;
  Bulkhead& operator=(const Bulkhead&) = delete;

  /// Given back when it is destroyed.
  class Place {
   public:
    Place(Place&& other) noexcept : of_(std::exchange(other.of_, nullptr)), user_(other.user_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (of_) of_->leave(user_);
    }

   private:
    friend class Bulkhead;
    Place(Bulkhead* of, domain::UserId user) : of_(of), user_(user) {}
    Bulkhead* of_;
    domain::UserId user_;
  };

  /// Waits for a place. Throws base::Unavailable at once where too many wait, or too many of this
  /// user; DeadlineExceeded where none came free in time.
  base::Task<Place> enter(domain::UserId user, base::Deadline deadline);

  std::size_t busy() const { return busy_; }
  std::size_t waiting() const { return waiting_; }

 private:
  struct Waiter {
    explicit Waiter(const boost::asio::any_io_executor& executor) : timer(executor) {}
    base::Timer timer;
    bool admitted = false;
  };
  struct User {
    std::size_t busy = 0;
    std::deque<std::shared_ptr<Waiter>> waiting;  ///< of whom the user is in `turns_`
  };

  bool admit(domain::UserId user);
  bool is_full_for(domain::UserId user) const;
  void withdraw(domain::UserId user, const std::shared_ptr<Waiter>& waiter);
  void leave(domain::UserId user);
  void serve();
  void forget(domain::UserId user);

  BulkheadOptions options_;
  std::size_t busy_ = 0;
  std::size_t waiting_ = 0;
  std::unordered_map<domain::UserId, User> users_;
  std::deque<domain::UserId> turns_;  ///< who waits, each once, in the order of their turn
};

}  // namespace rubricon::worker
