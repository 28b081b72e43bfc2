#include <rubricon/redis/rate_buckets.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/redis/scripts.hpp>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace rubricon::redis {

RateBuckets::RateBuckets(Connection& connection, ports::RateLimiter& local,
                         observability::Metrics& metrics)
    : take_(connection, scripts::bucket_take),
      local_(local),
      locally_(metrics.counter("rubricon_redis_limits_local_total",
                               "Limits that were counted by this process alone")) {}

base::Task<base::Milliseconds> RateBuckets::take(std::string key, ports::Rate rate,
                                                 base::Deadline deadline) {
  try {
    const auto reply = co_await take_.run(
        {"rate:" + key}, {fmt::format("{}", rate.burst), fmt::format("{}", rate.per_second)},
        deadline);
    if (reply.integer()) co_return base::Milliseconds(*reply.integer());
  } catch (const base::Unavailable&) {
    locally_.add();
  }
  co_return co_await local_.take(std::move(key), rate, deadline);
}

}  // namespace rubricon::redis
