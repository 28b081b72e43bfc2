/// Questions to the store, so many at a time: a storm of joins waits here and not in the store.
#pragma once

#include <rubricon/base/id.hpp>
#include <rubricon/base/task_group.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

namespace rubricon::gateway {

/// One read that waits or runs.
using ReadTicket = base::Number<struct ReadTicketTag, std::uint64_t>;

/// One shard. Tasks run in `tasks`, in the order of `start`; those that still wait when the group
/// has stopped are dropped.
class StoreReads {
 public:
  StoreReads(base::TaskGroup& tasks, std::size_t running_max, std::size_t waiting_max)
      : tasks_(tasks), running_max_(running_max), waiting_max_(waiting_max) {}

  /// Nothing, and `read` never begins, where too many wait already or the group has stopped: who
  /// asked must be told `unavailable`. `read` itself must not throw either: what it asks for in
  /// vain it must tell those who wait for it.
  std::optional<ReadTicket> start(base::Task<void> read);
  /// A read that still waits never begins; one that has begun goes on.
  void drop(ReadTicket ticket) { waiting_.erase(ticket); }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  base::Task<void> run(base::Task<void> read);

  base::TaskGroup& tasks_;
  std::size_t running_max_;
  std::size_t waiting_max_;
  std::size_t running_ = 0;
  ReadTicket last_;
  std::map<ReadTicket, base::Task<void>> waiting_;
};

}  // namespace rubricon::gateway
