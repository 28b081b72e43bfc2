/// How often something may be done, counted over all processes: `rate:<key>`.
#pragma once

#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/rate_limiter.hpp>
#include <rubricon/redis/script.hpp>

namespace rubricon::redis {

/// Where Redis cannot be asked, `local` counts: the limit is then one a process. It throws what
/// `local` throws. Connection and `local` outlive it.
class RateBuckets final : public ports::RateLimiter {
 public:
  RateBuckets(Connection& connection, ports::RateLimiter& local, observability::Metrics& metrics);

  base::Task<base::Milliseconds> take(std::string key, ports::Rate rate,
                                      base::Deadline deadline) override;

 private:
  Script take_;
  ports::RateLimiter& local_;
  observability::Counter& locally_;
};

}  // namespace rubricon::redis
