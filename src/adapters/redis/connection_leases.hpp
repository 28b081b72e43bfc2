/// How many connections somebody has, counted over all gateways: `connections:<key>`, a sorted set
/// of connections by the time at which they are ghosts.
#pragma once

#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/connection_limiter.hpp>
#include <rubricon/redis/script.hpp>

namespace rubricon::redis {

/// `local` counts beside Redis, and alone where Redis cannot be asked. It throws what `local`
/// throws. Connection and `local` outlive it.
class ConnectionLeases final : public ports::ConnectionLimiter {
 public:
  static constexpr base::Milliseconds ttl{60'000};

  ConnectionLeases(Connection& connection, ports::ConnectionLimiter& local,
                   observability::Metrics& metrics);

  base::Task<bool> enter(std::string key, std::string connection, std::size_t max,
                         base::Deadline deadline) override;
  base::Task<void> leave(std::string key, std::string connection, base::Deadline deadline) override;

 private:
  Connection& connection_;
  Script enter_;
  ports::ConnectionLimiter& local_;
  observability::Counter& locally_;
};

}  // namespace rubricon::redis
