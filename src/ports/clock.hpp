/// Time enters the system here, so that tests and the simulation can own it.
#pragma once

#include <rubricon/base/time.hpp>

namespace rubricon::ports {

/// Safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Wall-clock UTC; may jump when the machine's clock is set.
  virtual base::Time now() const = 0;
  /// Never goes back.
  virtual base::Instant monotonic() const = 0;
};

}  // namespace rubricon::ports
