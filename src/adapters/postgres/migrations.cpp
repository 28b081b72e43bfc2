#include <rubricon/postgres/migrations.hpp>

#include <rubricon/base/backoff.hpp>
#include <rubricon/base/failpoint.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/postgres/failure.hpp>

#include <fmt/format.h>
#include <array>
#include <chrono>
#include <utility>

namespace rubricon::postgres {
namespace embedded {
extern const std::string_view migration_0001;
extern const std::string_view migration_0002;
extern const std::string_view migration_0003;
extern const std::string_view migration_0004;
extern const std::string_view migration_0005;
extern const std::string_view migration_0006;
}  // namespace embedded
namespace {

constexpr int partitions_ahead = 2;
/// The first version in which `schema_migrations` says who may use what.
constexpr int usable_since_version = 4;
/// Between two tries to get the tables.
constexpr base::Milliseconds rest_min{250};
constexpr base::Milliseconds rest_max{4'000};

base::Task<Answer> ask(Connection* connection, Query query, base::Deadline deadline) {
  auto answers = co_await connection->run(together(std::move(query)), deadline);
  co_return std::move(answers.front());
}

}  // namespace

std::span<const Migration> migrations() {
  static const std::array all = {
      Migration{1, "first_light", embedded::migration_0001, 1},
      Migration{2, "failed_jobs", embedded::migration_0002, 1},
      Migration{3, "detached_quarters", embedded::migration_0003, 3},
      Migration{4, "usable_since", embedded::migration_0004, 3},
      Migration{5, "stopped_answers", embedded::migration_0005, 3},
      Migration{6, "answered_proposals", embedded::migration_0006, 3},
  };
  return all;
}

Query unusable_migrations(int newest) {
  return query(
      "SELECT count(*) FROM schema_migrations "
      "WHERE version > $1 AND (usable_since IS NULL OR usable_since > $1)",
      newest);
}

namespace {

/// False where a table did not come in time; the transaction is to be rolled back then.
base::Task<bool> try_to_migrate(Connection* connection, std::span<const Migration> known,
                                base::Time now, base::Deadline deadline) {
  // Whoever waits for the first lock waits for another migration, so the usual limits do not hold.
  // tidy: allow sql because it is a script of ours without arguments
  co_await connection->run_script(
      "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; "
      "SELECT pg_advisory_xact_lock(5927201144290700); SET LOCAL lock_timeout = '2s'; "
      "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, "
      "name text NOT NULL, applied_at timestamptz NOT NULL)",
      deadline);
  const auto found = co_await ask(
      connection, query("SELECT coalesce(max(version), 0) FROM schema_migrations"), deadline);
  const auto present = found.front().integer(0);
  const int newest = known.empty() ? 0 : known.back().version;
  if (present > newest) {
    const auto unusable = co_await ask(connection, unusable_migrations(newest), deadline);
    if (unusable.front().integer(0) > 0) {
      throw OpenError(fmt::format(
          "this database has schema version {}, written by a newer Rubricon; this program knows "
          "versions up to {}. Use the newer program, or restore a backup",
          present, newest));
    }
  }
  try {
    for (const auto& migration : known) {
      if (migration.version <= present) continue;
      co_await connection->run_script(std::string(migration.sql), deadline);
      base::failpoint("migrate.mid");
      co_await ask(connection,
                   query("INSERT INTO schema_migrations (version, name, applied_at) "
                         "VALUES ($1, $2, $3)",
                         migration.version, migration.name, now),
                   deadline);
    }
  } catch (const Failure& failure) {
    if (failure.kind() != Failure::Kind::busy) throw;
    co_return false;
  }
  for (const auto& migration : known) {
    if (migration.version <= present || newest < usable_since_version) continue;
    co_await ask(connection,
                 query("UPDATE schema_migrations SET usable_since = $2 WHERE version = $1",
                       migration.version, migration.usable_since),
                 deadline);
  }
  co_await connection->run_script("COMMIT", deadline);
  co_return true;
}

}  // namespace

base::Task<void> migrate(Connection* connection, std::span<const Migration> known, base::Time now,
                         base::Deadline deadline) {
  base::Backoff rests(rest_min, rest_max, std::chrono::steady_clock::now());
  while (!co_await try_to_migrate(connection, known, now, deadline)) {
    co_await connection->run_script("ROLLBACK", deadline);
    co_await base::pause(rests.next());
  }
}

base::Task<std::int64_t> ensure_partitions(Connection* connection, base::Time now,
                                           base::Deadline deadline) {
  const auto made = co_await ask(
      connection, query("SELECT ensure_partitions($1, $2::integer)", now, partitions_ahead),
      deadline);
  co_return made.front().integer(0);
}

}  // namespace rubricon::postgres
