#include <rubricon/postgres/migrations.hpp>

#include <rubricon/base/failpoint.hpp>

#include <fmt/format.h>
#include <array>
#include <utility>

namespace rubricon::postgres {
namespace embedded {
extern const std::string_view migration_0001;
extern const std::string_view migration_0002;
extern const std::string_view migration_0003;
}  // namespace embedded
namespace {

constexpr int partitions_ahead = 2;

base::Task<Answer> ask(Connection* connection, Query query, base::Deadline deadline) {
  auto answers = co_await connection->run(together(std::move(query)), deadline);
  co_return std::move(answers.front());
}

}  // namespace

std::span<const Migration> migrations() {
  static const std::array all = {
      Migration{1, "first_light", embedded::migration_0001},
      Migration{2, "failed_jobs", embedded::migration_0002},
      Migration{3, "detached_quarters", embedded::migration_0003},
  };
  return all;
}

base::Task<void> migrate(Connection* connection, std::span<const Migration> known, base::Time now,
                         base::Deadline deadline) {
  // Whoever waits for the lock waits for another migration, so the usual limits do not hold here.
  // tidy: allow sql because it is a script of ours without arguments
  co_await connection->run_script(
      "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; "
      "SELECT pg_advisory_xact_lock(5927201144290700); "
      "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, "
      "name text NOT NULL, applied_at timestamptz NOT NULL)",
      deadline);
  const auto found = co_await ask(
      connection, query("SELECT coalesce(max(version), 0) FROM schema_migrations"), deadline);
  const auto present = found.front().integer(0);
  const int newest = known.empty() ? 0 : known.back().version;
  if (present > newest) {
    throw OpenError(fmt::format(
        "this database has schema version {}, written by a newer Rubricon; this program knows "
        "versions up to {}. Use the newer program, or restore a backup",
        present, newest));
  }
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
  co_await connection->run_script("COMMIT", deadline);
}

base::Task<std::int64_t> ensure_partitions(Connection* connection, base::Time now,
                                           base::Deadline deadline) {
  const auto made = co_await ask(
      connection, query("SELECT ensure_partitions($1, $2::integer)", now, partitions_ahead),
      deadline);
  co_return made.front().integer(0);
}

}  // namespace rubricon::postgres
