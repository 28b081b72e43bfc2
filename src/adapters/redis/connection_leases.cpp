#include <rubricon/redis/connection_leases.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/redis/scripts.hpp>

#include <utility>

namespace rubricon::redis {
namespace {

std::string key_of(const std::string& key) {
  return "connections:" + key;
}

}  // namespace

ConnectionLeases::ConnectionLeases(Connection& connection, ports::ConnectionLimiter& local,
                                   observability::Metrics& metrics)
    : connection_(connection),
      enter_(connection, scripts::lease_enter),
      local_(local),
      locally_(metrics.counter("rubricon_redis_limits_local_total",
                               "Limits that were counted by this process alone")) {}

base::Task<bool> ConnectionLeases::enter(std::string key, std::string connection, std::size_t max,
                                         base::Deadline deadline) {
  // Here first: what Redis forgets, or cannot be asked about, is known at once.
  if (!co_await local_.enter(key, connection, max, deadline)) co_return false;
  std::optional<bool> counted;
  try {
    const auto reply = co_await enter_.run(
        {key_of(key)}, {connection, std::to_string(max), std::to_string(ttl.count())}, deadline);
    if (reply.integer()) counted = *reply.integer() == 1;
  } catch (const base::Unavailable&) {
    locally_.add();
  }
  if (counted.value_or(true)) co_return true;
  co_await local_.leave(std::move(key), std::move(connection), deadline);
  co_return false;
}

base::Task<void> ConnectionLeases::leave(std::string key, std::string connection,
                                         base::Deadline deadline) {
  // Unanswered, it goes by itself within `ttl`.
  (void)connection_.post(Command{"ZREM", key_of(key), connection});
  co_await local_.leave(std::move(key), std::move(connection), deadline);
}

}  // namespace rubricon::redis
