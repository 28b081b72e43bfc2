#include <rubricon/sqlite/migrations.hpp>

#include <rubricon/base/failpoint.hpp>
#include <rubricon/sqlite/database.hpp>

#include <fmt/format.h>
#include <array>

namespace rubricon::sqlite {
namespace embedded {
extern const std::string_view migration_0001;
extern const std::string_view migration_0002;
extern const std::string_view migration_0003;
extern const std::string_view migration_0004;
extern const std::string_view migration_0005;
extern const std::string_view migration_0006;
}  // namespace embedded
namespace {

/// "Rubr": names the file's owner to file(1), and other people's databases to us.
constexpr std::int64_t application_id = 0x52756272;

std::int64_t owner_of(Connection& db) {
  auto id = db.query("PRAGMA application_id");
  id.step();
  return id.integer(0);
}

void claim_file(Connection& db) {
  const auto owner = owner_of(db);
  if (owner == application_id) return;
  auto tables = db.query("SELECT count(*) FROM sqlite_schema");
  tables.step();
  if (owner != 0 || tables.integer(0) != 0) {
    throw OpenError("this SQLite file belongs to another program");
  }
}

int version_of(Connection& db) {
  auto version = db.query("SELECT coalesce(max(version), 0) FROM schema_migrations");
  version.step();
  return static_cast<int>(version.integer(0));
}

}  // namespace

std::span<const Migration> migrations() {
  static const std::array all = {
      Migration{1, "first_light", embedded::migration_0001},
      Migration{2, "sessions_by_user", embedded::migration_0002},
      Migration{3, "disabled_users", embedded::migration_0003},
      Migration{4, "failed_jobs", embedded::migration_0004},
      Migration{5, "stopped_answers", embedded::migration_0005},
      Migration{6, "answered_proposals", embedded::migration_0006},
  };
  return all;
}

void require_schema(Connection& db, std::span<const Migration> known) {
  if (owner_of(db) != application_id) throw OpenError("this is no database of Rubricon");
  if (const int present = version_of(db); present != known.back().version) {
    throw OpenError(fmt::format("the database has schema version {}, this program reads {}",
                                present, known.back().version));
  }
}

void migrate(Connection& db, std::span<const Migration> known, base::Time now) {
  claim_file(db);
  db.execute("BEGIN IMMEDIATE");
  try {
    // tidy: allow sql because a pragma takes no parameters, and this is a constant
    db.execute(fmt::format("PRAGMA application_id = {}", application_id));
    db.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, "
        "name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
    const int present = version_of(db);
    const int newest = known.empty() ? 0 : known.back().version;
    if (present > newest) {
      throw OpenError(fmt::format(
          "this database has schema version {}, written by a newer Rubricon; this program knows "
          "versions up to {}. Use the newer program, or restore a backup",
          present, newest));
    }
    for (const auto& migration : known) {
      if (migration.version <= present) continue;
      db.execute(std::string(migration.sql));
      base::failpoint("migrate.mid");
      db.run("INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)",
             migration.version, migration.name, now);
    }
    db.execute("COMMIT");
  } catch (...) {
    if (db.in_transaction()) db.execute("ROLLBACK");
    throw;
  }
}

}  // namespace rubricon::sqlite
