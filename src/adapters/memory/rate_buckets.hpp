/// How often something may be done, inside one process.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/rate_limiter.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>

namespace rubricon::memory {

/// Lives on one shard; every operation completes without waiting. `clock` must outlive it. Two
/// generations of `keys_max / 2` keys: when the young one is full it becomes the old one, and what
/// was not used since the last change is forgotten, that is, full again.
class RateBuckets final : public ports::RateLimiter {
 public:
  explicit RateBuckets(const ports::Clock& clock, std::size_t keys_max = 100'000)
      : clock_(clock), half_max_(keys_max / 2 + 1) {}

  base::Task<base::Milliseconds> take(std::string key, ports::Rate rate, base::Deadline) override;

  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  struct Bucket {
    double tokens;
    base::Instant at;
  };

  Bucket& at(const std::string& key, ports::Rate rate);

  const ports::Clock& clock_;
  std::size_t half_max_;
  std::unordered_map<std::string, Bucket> young_;
  std::unordered_map<std::string, Bucket> old_;
};

}  // namespace rubricon::memory
