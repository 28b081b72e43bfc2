/// What begins anew when the log goes back to an older state, because a backup was restored.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>

#include <cstdint>

namespace rubricon::ports {

/// Faults: throws base::Unavailable when the store cannot do it before `deadline`; then nothing has
/// changed.
class Epochs {
 public:
  virtual ~Epochs() = default;

  /// Every stream begins a new epoch, in one transaction: who holds a position of the one before
  /// reads everything anew, since the same numbers may come to mean other events. Events that are
  /// stored keep the epoch that they were written in. Servers that run meanwhile may go on in the
  /// old one. Returns how many streams there are.
  virtual base::Task<std::int64_t> begin_new(base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
