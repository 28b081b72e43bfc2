/// How many connections somebody has, counted over all processes.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>

#include <cstddef>
#include <string>

namespace rubricon::ports {

/// A connection counts for 60 s from its last `enter`: those of a process that died go by
/// themselves. Faults: throws base::Unavailable when nobody can count before `deadline`.
class ConnectionLimiter {
 public:
  virtual ~ConnectionLimiter() = default;

  /// Counts `connection` under `key` ("user:<id>", "network:<address>"), or again, if it was there.
  /// False, and nothing changed, where `max` others are.
  virtual base::Task<bool> enter(std::string key, std::string connection, std::size_t max,
                                 base::Deadline deadline) = 0;
  virtual base::Task<void> leave(std::string key, std::string connection,
                                 base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
