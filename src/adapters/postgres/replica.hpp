/// One server that follows the primary: whether it may be asked now, and the asking.
#pragma once

#include <rubricon/postgres/lag_meter.hpp>
#include <rubricon/postgres/pool.hpp>
#include <rubricon/postgres/query.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace rubricon::postgres {

/// Running totals, and how it is now.
struct ReplicaStatistics {
  bool usable = false;
  base::Milliseconds lag{0};   ///< as last seen
  std::uint64_t answered = 0;  ///< reads that the primary was spared
  std::uint64_t stale = 0;     ///< answers that were too old for whoever asked
  std::uint64_t failed = 0;    ///< times that it did not answer
};

/// Whether answers, of one snapshot, are new enough.
using Fresh = std::function<bool(const std::vector<Answer>&)>;

/// One shard. A replica is left alone from its first failure, or from when it is seen to be further
/// behind than allowed, until a look at it says that it is well again.
class Replica {
 public:
  struct Bounds {
    base::Milliseconds lag_max{2'000};
    base::Milliseconds patience{1'000};  ///< for one answer, before the primary is asked
  };

  /// All outlive it.
  Replica(boost::asio::any_io_executor executor, PoolOptions options, Bounds bounds,
          const LagMeter& meter, const ports::Clock& clock, observability::Log& log);

  bool usable() const { return statistics_.usable; }

  /// Of one instant; nothing where it does not answer in time or what it says is not fresh. Never
  /// throws but for cancellation.
  base::Task<std::optional<std::vector<Answer>>> ask_all(std::vector<Query> queries, Fresh fresh,
                                                         base::Deadline deadline);

  /// Asks how it is. Never throws but for cancellation.
  base::Task<void> look(base::Deadline deadline);

  const ReplicaStatistics& statistics() const { return statistics_; }
  std::size_t waiting() const { return pool_.waiting(); }
  void close() { pool_.close(); }

 private:
  base::Deadline no_later(base::Deadline deadline) const;
  void leave_alone(const char* why);

  Pool pool_;
  Bounds bounds_;
  const LagMeter& meter_;
  const ports::Clock& clock_;
  observability::Log& log_;
  ReplicaStatistics statistics_;
};

}  // namespace rubricon::postgres
