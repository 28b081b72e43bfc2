#include <rubricon/postgres/replica.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/postgres/reader.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace rubricon::postgres {

Replica::Replica(boost::asio::any_io_executor executor, PoolOptions options, Bounds bounds,
                 const LagMeter& meter, const ports::Clock& clock, observability::Log& log)
    : pool_(std::move(executor), std::move(options), clock, log),
      bounds_(bounds),
      meter_(meter),
      clock_(clock),
      log_(log) {}

base::Task<std::optional<std::vector<Answer>>> Replica::ask_all(std::vector<Query> queries,
                                                                Fresh fresh,
                                                                base::Deadline deadline) {
  std::optional<std::vector<Answer>> answers;
  try {
    const auto patience = no_later(deadline);
    auto lease = co_await pool_.acquire(patience);
    answers = without_frame(co_await lease->run(in_one_snapshot(std::move(queries)), patience));
  } catch (const std::exception& error) {
    if (base::is_cancellation(error)) throw;
    ++statistics_.failed;
    leave_alone(error.what());
    co_return std::nullopt;
  }
  const bool good = fresh(*answers);
  ++(good ? statistics_.answered : statistics_.stale);
  if (!good) answers.reset();
  co_return answers;
}

base::Task<void> Replica::look(base::Deadline deadline) {
  try {
    const auto patience = no_later(deadline);
    auto lease = co_await pool_.acquire(patience);
    const auto answers = co_await lease->run(
        together(query("SELECT pg_is_in_recovery(), "
                       "coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::bigint")),
        patience);
    const auto row = answers.front().front();
    if (!row.boolean(0)) {
      leave_alone("it follows nobody");
      co_return;
    }
    const auto place = static_cast<WalPlace>(row.integer(1));
    statistics_.lag = meter_.lag(clock_.monotonic(), place);
  } catch (const std::exception& error) {
    if (base::is_cancellation(error)) throw;
    leave_alone(error.what());
    co_return;
  }
  if (statistics_.lag > bounds_.lag_max) {
    leave_alone("it is too far behind");
  } else if (!statistics_.usable) {
    statistics_.usable = true;
    log_.info("postgres.replica_used", {{"lag_ms", statistics_.lag.count()}});
  }
}

base::Deadline Replica::no_later(base::Deadline deadline) const {
  return std::min(deadline, base::Deadline::after(clock_.monotonic(), bounds_.patience));
}

void Replica::leave_alone(const char* why) {
  if (!std::exchange(statistics_.usable, false)) return;
  log_.repeated(observability::Level::warning, "postgres.replica_left_alone",
                {{"error.message", why}, {"lag_ms", statistics_.lag.count()}});
}

}  // namespace rubricon::postgres
