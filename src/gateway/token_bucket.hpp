/// A sustained rate with a burst on top: `burst` tokens, refilled at `per_second`.
#pragma once

#include <rubricon/base/time.hpp>

#include <algorithm>
#include <chrono>

namespace rubricon::gateway {

class TokenBucket {
 public:
  TokenBucket(double per_second, double burst, base::Instant now)
      : per_second_(per_second), burst_(burst), tokens_(burst), at_(now) {}

  /// True, and a token is gone, where there is one.
  bool take(base::Instant now) {
    tokens_ = tokens_at(now);
    at_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

  /// True where nothing was taken for so long that a new bucket would be the same.
  bool full(base::Instant now) const { return tokens_at(now) >= burst_; }

 private:
  double tokens_at(base::Instant now) const {
    const std::chrono::duration<double> passed = now - at_;
    return std::min(burst_, tokens_ + std::max(0.0, passed.count()) * per_second_);
  }

  double per_second_;
  double burst_;
  double tokens_;
  base::Instant at_;
};

}  // namespace rubricon::gateway
