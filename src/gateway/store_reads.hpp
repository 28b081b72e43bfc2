/// Questions to the store, so many at a time: a storm of joins waits here and not in the store.
#pragma once

#include <rubricon/base/task_group.hpp>

#include <cstddef>
#include <deque>

namespace rubricon::gateway {

/// One shard. Tasks run in `tasks`, in the order of `start`; those that still wait when the group
/// has stopped are dropped. Bounded by its callers: each has at most one question per stay of a
/// socket in a room, or per chat.
class StoreReads {
 public:
  StoreReads(base::TaskGroup& tasks, std::size_t running_max)
      : tasks_(tasks), running_max_(running_max) {}

  /// `read` must not throw: what it asks for in vain it must tell those who wait for it.
  void start(base::Task<void> read);
  std::size_t waiting() const { return waiting_.size(); }

 private:
  base::Task<void> run(base::Task<void> read);

  base::TaskGroup& tasks_;
  std::size_t running_max_;
  std::size_t running_ = 0;
  std::deque<base::Task<void>> waiting_;
};

}  // namespace rubricon::gateway
