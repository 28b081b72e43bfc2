#include <rubricon/memory/rate_buckets.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace rubricon::memory {

base::Task<base::Milliseconds> RateBuckets::take(std::string key, ports::Rate rate,
                                                 base::Deadline) {
  auto& bucket = at(key, rate);
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    co_return base::Milliseconds(0);
  }
  const double seconds = (1 - bucket.tokens) / rate.per_second;
  co_return base::Milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1'000)));
}

RateBuckets::Bucket& RateBuckets::at(const std::string& key, ports::Rate rate) {
  const auto now = clock_.monotonic();
  auto found = young_.find(key);
  if (found == young_.end()) {
    if (young_.size() >= half_max_) old_ = std::exchange(young_, {});
    Bucket bucket{rate.burst, now};
    if (const auto older = old_.find(key); older != old_.end()) {
      bucket = older->second;
      old_.erase(older);
    }
    found = young_.emplace(key, bucket).first;
  }
  auto& bucket = found->second;
  const std::chrono::duration<double> passed = now - bucket.at;
  bucket.tokens = std::min(rate.burst, bucket.tokens + passed.count() * rate.per_second);
  bucket.at = now;
  return bucket;
}

}  // namespace rubricon::memory
