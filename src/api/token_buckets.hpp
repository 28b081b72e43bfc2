/// Allowances that refill with time, one a key, in a bounded table.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/rate_limiter.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

namespace rubricon::api {

/// Two generations of at most `keys_max / 2` keys: when the young one is full it becomes the old
/// one, and keys that were not used since the last change are forgotten, that is, full again. One
/// thread.
template <typename Key, typename Hash = std::hash<Key>>
class TokenBuckets {
 public:
  explicit TokenBuckets(ports::Rate allowance, std::size_t keys_max = 100'000)
      : allowance_(allowance), half_max_(keys_max / 2 + 1) {}

  /// Takes one, or says how long until there is one.
  std::optional<std::chrono::seconds> take(const Key& key, base::Instant now) {
    auto& bucket = at(key, now);
    if (bucket.tokens < 1) return wait(bucket);
    bucket.tokens -= 1;
    return std::nullopt;
  }
  /// As `take`, without taking.
  std::optional<std::chrono::seconds> blocked(const Key& key, base::Instant now) {
    const auto& bucket = at(key, now);
    if (bucket.tokens < 1) return wait(bucket);
    return std::nullopt;
  }
  /// What was taken in vain.
  void give_back(const Key& key, base::Instant now) {
    auto& bucket = at(key, now);
    bucket.tokens = std::min(allowance_.burst, bucket.tokens + 1);
  }
  /// Whether nothing has been used lately.
  bool full(const Key& key, base::Instant now) { return at(key, now).tokens >= allowance_.burst; }
  void reset(const Key& key) {
    young_.erase(key);
    old_.erase(key);
  }
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  struct Bucket {
    double tokens;
    base::Instant at;
  };
  using Generation = std::unordered_map<Key, Bucket, Hash>;

  Bucket& at(const Key& key, base::Instant now) {
    auto found = young_.find(key);
    if (found == young_.end()) {
      if (young_.size() >= half_max_) old_ = std::exchange(young_, {});
      Bucket bucket{allowance_.burst, now};
      if (const auto older = old_.find(key); older != old_.end()) {
        bucket = older->second;
        old_.erase(older);
      }
      found = young_.emplace(key, bucket).first;
    }
    auto& bucket = found->second;
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    if (seconds > 0) {
      bucket.tokens = std::min(allowance_.burst, bucket.tokens + seconds * allowance_.per_second);
      bucket.at = now;
    }
    return bucket;
  }
  std::chrono::seconds wait(const Bucket& bucket) const {
    return std::chrono::seconds(
        static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / allowance_.per_second)));
  }

  ports::Rate allowance_;
  std::size_t half_max_;
  Generation young_;
  Generation old_;
};

}  // namespace rubricon::api
