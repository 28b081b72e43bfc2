/// How long to wait before the next attempt: twice as long after each failure, up to a bound, and
/// never the same for two processes that lost the same broker.
#pragma once

#include <rubricon/base/time.hpp>

#include <algorithm>
#include <cstdint>
#include <random>

namespace rubricon::rabbitmq {

class Backoff {
 public:
  Backoff(base::Milliseconds min, base::Milliseconds max, std::uint32_t seed)
      : min_(min), max_(max), delay_(min), random_(seed) {}

  /// Between half of the delay and all of it.
  base::Milliseconds next() {
    const auto whole = delay_.count();
    delay_ = std::min(delay_ * 2, max_);
    return base::Milliseconds(
        std::uniform_int_distribution<base::Milliseconds::rep>(whole / 2, whole)(random_));
  }
  void reset() { delay_ = min_; }

 private:
  base::Milliseconds min_;
  base::Milliseconds max_;
  base::Milliseconds delay_;
  std::minstd_rand random_;
};

}  // namespace rubricon::rabbitmq
