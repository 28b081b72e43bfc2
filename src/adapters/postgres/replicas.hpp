/// The servers that follow the primary, for reads that need not be of this very moment: each is
/// answered by one that is well and has what the caller knows to exist, or else by the primary.
#pragma once

#include <rubricon/postgres/replica.hpp>

#include <list>
#include <vector>

namespace rubricon::postgres {

/// One shard.
class Replicas {
 public:
  /// All outlive it. No options: no replicas, and every answer is none.
  Replicas(const boost::asio::any_io_executor& executor, std::vector<PoolOptions> each,
           Replica::Bounds bounds, Pool& primary, const ports::Clock& clock,
           observability::Log& log);

  bool none() const { return replicas_.empty(); }

  /// As Replica::ask_all, of one of those that are usable, in turn.
  base::Task<std::optional<std::vector<Answer>>> ask_all(std::vector<Query> queries, Fresh fresh,
                                                         base::Deadline deadline);

  /// Looks at all of them, every second until it is cancelled. Only where there are any.
  base::Task<void> watch();

  std::vector<ReplicaStatistics> statistics() const;
  void close();

 private:
  base::Task<void> look_at_primary(base::Deadline deadline);
  Replica* next();

  Pool& primary_;
  const ports::Clock& clock_;
  observability::Log& log_;
  LagMeter meter_;
  std::list<Replica> replicas_;
  std::size_t turn_ = 0;
};

}  // namespace rubricon::postgres
