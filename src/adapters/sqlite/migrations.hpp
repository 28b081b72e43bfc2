/// Brings a database file to the schema that this program knows.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/sqlite/connection.hpp>

#include <span>
#include <string>
#include <string_view>

namespace rubricon::sqlite {

struct Migration {
  int version;  ///< 1, 2, 3 … without gaps
  std::string_view name;
  std::string_view sql;
};

/// All that are compiled in (schema/sqlite/), oldest first.
std::span<const Migration> migrations();

/// Applies those of `known` that `schema_migrations` does not list, all in one transaction: the
/// file has the new schema or the old one, never half. Throws OpenError for a file that was written
/// by a newer program or is not Rubricon's.
void migrate(Connection& db, std::span<const Migration> known, base::Time now);

/// For those who only read: throws OpenError unless the file has exactly the schema of `known`.
void require_schema(Connection& db, std::span<const Migration> known);

}  // namespace rubricon::sqlite
