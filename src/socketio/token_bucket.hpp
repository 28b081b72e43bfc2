/// A sustained rate with a burst on top, in 16 bytes.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstdint>

namespace rubricon::socketio {

/// `per_second` 0 means no limit. `burst` below 1 counts as 1.
struct Rate {
  std::uint32_t per_second = 0;
  std::uint32_t burst = 0;
};

/// Starts full.
class TokenBucket {
 public:
  explicit TokenBucket(base::Instant now) : at_(now) {}

  /// Takes one token; false when there is none. `rate` is the same in every call.
  bool take(const Rate& rate, base::Instant now);

 private:
  base::Instant at_;
  float used_ = 0;
};

}  // namespace rubricon::socketio
