#include <rubricon/postgres/condition.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/postgres/migrations.hpp>

#include <utility>

namespace rubricon::postgres {
namespace {

base::Task<Answer> ask(Connection* connection, Query query, base::Deadline deadline) {
  auto answers = co_await connection->run(together(std::move(query)), deadline);
  co_return std::move(answers.front());
}

}  // namespace

base::Task<Condition> look_at(ConnectOptions options, const ports::Clock* clock,
                              base::Deadline deadline) {
  const auto connection = co_await Connection::open(std::move(options), clock, deadline);
  Condition seen;
  if (const auto known = migrations(); !known.empty()) seen.schema_known = known.back().version;
  const auto server = co_await ask(
      connection.get(),
      query("SELECT current_setting('server_version'), pg_is_in_recovery(), "
            "current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off', "
            "coalesce(has_schema_privilege(current_schema(), 'CREATE'), false), "
            "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
            "current_setting('max_connections')::bigint, "
            "to_regclass('schema_migrations') IS NOT NULL"),
      deadline);
  const auto row = server.front();
  seen.version = row.text(0);
  seen.replica = row.boolean(1);
  seen.durable = row.boolean(2);
  seen.may_create = row.boolean(3);
  seen.connections = row.integer(4);
  seen.connections_max = row.integer(5);
  if (!row.boolean(6)) co_return seen;

  const auto schema = co_await ask(
      connection.get(), query("SELECT coalesce(max(version), 0) FROM schema_migrations"), deadline);
  seen.schema = schema.front().integer(0);
  if (seen.schema == 0) co_return seen;
  const auto missing = co_await ask(
      connection.get(),
      query(
          "SELECT child FROM generate_series(0, 2) i, unnest(ARRAY['messages', 'events']) parent, "
          "LATERAL (SELECT parent || to_char(date_trunc('quarter', $1 AT TIME ZONE 'UTC') "
          "+ make_interval(months => 3 * i), '_YYYY\"q\"Q') AS child) named "
          "WHERE NOT EXISTS (SELECT FROM pg_inherits "
          "WHERE inhparent = to_regclass(parent) AND inhrelid = to_regclass(child)) "
          "ORDER BY child",
          clock->now()),
      deadline);
  for (const auto each : missing) seen.partitions_missing.push_back(each.text(0));
  co_return seen;
}

base::Task<ReplicaCondition> look_at_replica(ConnectOptions primary, ConnectOptions replica,
                                             const ports::Clock* clock, base::Deadline deadline) {
  constexpr base::Milliseconds patience{2'000}, between{100};
  replica.writable = false;
  const auto follower = co_await Connection::open(std::move(replica), clock, deadline);
  const auto server = co_await ask(
      follower.get(), query("SELECT current_setting('server_version'), pg_is_in_recovery()"),
      deadline);
  ReplicaCondition seen{.version = server.front().text(0), .follows = server.front().boolean(1)};
  if (!seen.follows) co_return seen;
  const auto leader = co_await Connection::open(std::move(primary), clock, deadline);
  const auto place = co_await ask(
      leader.get(), query("SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint"), deadline);
  const auto written = place.front().integer(0);
  const auto late = base::Deadline::after(clock->monotonic(), patience);
  for (;;) {
    const auto replayed = co_await ask(
        follower.get(),
        query("SELECT coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::bigint"), deadline);
    seen.level = replayed.front().integer(0) >= written;
    if (seen.level || late.reached(clock->monotonic())) co_return seen;
    co_await base::pause(between);
  }
}

}  // namespace rubricon::postgres
