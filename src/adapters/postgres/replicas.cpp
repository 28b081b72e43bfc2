#include <rubricon/postgres/replicas.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/pause.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace rubricon::postgres {
namespace {

constexpr base::Milliseconds look_every{1'000};
constexpr base::Milliseconds look_timeout{2'000};

}  // namespace

Replicas::Replicas(const boost::asio::any_io_executor& executor, std::vector<PoolOptions> each,
                   Replica::Bounds bounds, Pool& primary, const ports::Clock& clock,
                   observability::Log& log)
    : primary_(primary), clock_(clock), log_(log) {
  for (auto& options : each) {
    replicas_.emplace_back(executor, std::move(options), bounds, meter_, clock, log);
  }
}

base::Task<std::optional<std::vector<Answer>>> Replicas::ask_all(std::vector<Query> queries,
                                                                 Fresh fresh,
                                                                 base::Deadline deadline) {
  auto* const replica = next();
  if (!replica) co_return std::nullopt;
  co_return co_await replica->ask_all(std::move(queries), std::move(fresh), deadline);
}

Replica* Replicas::next() {
  const auto count = replicas_.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto& replica = *std::next(replicas_.begin(), static_cast<std::ptrdiff_t>(turn_++ % count));
    if (replica.usable()) return &replica;
  }
  return nullptr;
}

base::Task<void> Replicas::watch() {
  for (;;) {
    const auto deadline = base::Deadline::after(clock_.monotonic(), look_timeout);
    co_await look_at_primary(deadline);
    for (auto& replica : replicas_) {
      co_await replica.look(base::Deadline::after(clock_.monotonic(), look_timeout));
    }
    co_await base::pause(look_every);
  }
}

/// A primary that is away writes nothing, so that nobody falls behind it.
base::Task<void> Replicas::look_at_primary(base::Deadline deadline) {
  const auto now = clock_.monotonic();
  try {
    auto lease = co_await primary_.acquire(deadline);
    const auto answers = co_await lease->run(
        together(query("SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint")), deadline);
    meter_.primary_at(now, static_cast<WalPlace>(answers.front().front().integer(0)));
  } catch (const std::exception& error) {
    if (base::is_cancellation(error)) throw;
    log_.repeated(observability::Level::warning, "postgres.primary_not_seen",
                  {{"error.message", error.what()}});
  }
}

std::vector<ReplicaStatistics> Replicas::statistics() const {
  std::vector<ReplicaStatistics> all;
  for (const auto& replica : replicas_) all.push_back(replica.statistics());
  return all;
}

void Replicas::close() {
  for (auto& replica : replicas_) replica.close();
}

}  // namespace rubricon::postgres
