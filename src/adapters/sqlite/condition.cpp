#include <rubricon/sqlite/condition.hpp>

#include <rubricon/sqlite/connection.hpp>
#include <rubricon/sqlite/migrations.hpp>

#include <sqlite3.h>

#include <chrono>

namespace rubricon::sqlite {
namespace {

std::int64_t newest_applied(Connection& db) {
  auto table = db.query(
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = "
      "'schema_migrations'");
  if (!table.step() || table.integer(0) == 0) return 0;
  auto newest = db.query("SELECT coalesce(max(version), 0) FROM schema_migrations");
  return newest.step() ? newest.integer(0) : 0;
}

}  // namespace

Condition look_at(const std::filesystem::path& path, base::Milliseconds patience) {
  Condition seen;
  std::error_code error;
  seen.there = std::filesystem::is_regular_file(path, error);
  if (!seen.there) return seen;
  seen.bytes = std::filesystem::file_size(path);
  if (const auto known = migrations(); !known.empty()) seen.schema_known = known.back().version;
  Connection db(path, patience);
  try {
    seen.schema = newest_applied(db);
    const auto end = std::chrono::steady_clock::now() + patience;
    db.interrupt_when([end] { return std::chrono::steady_clock::now() > end; });
    auto check = db.query("PRAGMA quick_check(1)");
    if (check.step() && check.view(0) != "ok") seen.damage = check.text(0);
  } catch (const Failure& failure) {
    switch (failure.code() & 0xff) {  // the primary code
      case SQLITE_INTERRUPT: seen.looked_through = false; break;
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB: seen.damage = failure.what(); break;
      default: throw;
    }
  }
  return seen;
}

}  // namespace rubricon::sqlite
