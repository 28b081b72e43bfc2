/// How long to wait before the next attempt: twice as long after each failure, up to a bound, and
/// never the same for two processes that lost the same service.
#pragma once

#include <rubricon/base/time.hpp>

#include <algorithm>
#include <cstdint>
#include <random>

namespace rubricon::base {

/// Not synchronised. `0 <= min <= max`.
class Backoff {
 public:
  Backoff(Milliseconds min, Milliseconds max, std::uint32_t seed)
      : min_(min), max_(max), delay_(min), random_(seed) {}
  /// The seed is the nanosecond at which it is made.
  Backoff(Milliseconds min, Milliseconds max, Instant made)
      : Backoff(min, max, static_cast<std::uint32_t>(made.time_since_epoch().count())) {}

  /// Between half of the delay and all of it.
  Milliseconds next() {
    const auto whole = delay_.count();
    delay_ = std::min(delay_ * 2, max_);
    return Milliseconds(
        std::uniform_int_distribution<Milliseconds::rep>(whole / 2, whole)(random_));
  }
  /// After a success: the next delay is the shortest again.
  void reset() { delay_ = min_; }

 private:
  Milliseconds min_;
  Milliseconds max_;
  Milliseconds delay_;
  std::minstd_rand random_;
};

}  // namespace rubricon::base
