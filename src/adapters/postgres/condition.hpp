/// How a server and our database on it are, for `rubricon doctor`.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/postgres/connection.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace rubricon::postgres {

struct Condition {
  std::string version;            ///< "15.8 (Debian 15.8-0+deb12u1)"
  bool replica = false;           ///< read only, as a replica is
  bool durable = true;            ///< fsync and synchronous_commit are on
  bool may_create = true;         ///< tables, in the schema where ours are or would be
  std::int64_t schema = 0;        ///< newest migration applied; 0 before the first start
  std::int64_t schema_known = 0;  ///< newest that this program knows
  /// Of this quarter and the two ahead, those that are not attached: "messages_2027q1".
  std::vector<std::string> partitions_missing;
  std::int64_t connections = 0;  ///< of everybody, now
  std::int64_t connections_max = 0;
};

/// Asks without changing anything. Throws Failure where the server cannot be asked, Defect,
/// DeadlineExceeded. `clock` outlives the task.
base::Task<Condition> look_at(ConnectOptions options, const ports::Clock* clock,
                              base::Deadline deadline);

struct ReplicaCondition {
  std::string version;
  bool follows = true;  ///< it is a replica, not a server that writes
  bool level = true;    ///< has replayed what the primary had written when it was asked
};

/// Asks the primary where it is, and waits for at most two seconds until the replica is there.
/// Throws as look_at.
base::Task<ReplicaCondition> look_at_replica(ConnectOptions primary, ConnectOptions replica,
                                             const ports::Clock* clock, base::Deadline deadline);

}  // namespace rubricon::postgres
