/// How often something may be done, counted over all processes.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>

#include <string>

namespace rubricon::ports {

/// Both are more than 0.
struct Rate {
  double burst = 1;       ///< how much may be used at once
  double per_second = 1;  ///< how fast it comes back
};

/// A bucket a key, full at first. It may forget, which only ever allows more.
class RateLimiter {
 public:
  virtual ~RateLimiter() = default;

  /// Takes one, and answers zero; or answers how long it is until there will be one, and takes
  /// nothing. `key` names the limit and whom it is for: "messages:user:<id>". Faults: throws
  /// base::Unavailable when nobody can count before `deadline`.
  virtual base::Task<base::Milliseconds> take(std::string key, Rate rate,
                                              base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
