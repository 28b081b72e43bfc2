/// Brings a database to the schema that this program knows.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/postgres/connection.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rubricon::postgres {

/// The database cannot be used, in plain words: newer than this program, or not one of ours.
class OpenError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Migration {
  int version;  ///< 1, 2, 3 … without gaps
  std::string_view name;
  std::string_view sql;
  /// The oldest program, by the newest version that it knows, that may use what comes of it: while
  /// processes are replaced one by one, some of them still are of before.
  int usable_since;
};

/// All that are compiled in (schema/postgres/), oldest first.
std::span<const Migration> migrations();

/// Applies those of `known` that `schema_migrations` does not list, all in one transaction: the
/// database has the new schema or the old one, never half. Processes that start together wait for
/// each other. Beside a running older version: whatever holds a table for long is waited for two
/// seconds at a time, so that nobody waits behind us for longer, again and again until the
/// deadline. Throws OpenError for a database that a newer program has written and does not let
/// older ones use; Failure, Defect. `connection` outlives the task, and is to be closed where it
/// throws.
base::Task<void> migrate(Connection* connection, std::span<const Migration> known, base::Time now,
                         base::Deadline deadline);

/// How many migrations there are of newer programs that one which knows versions up to `newest`
/// must not work with.
Query unusable_migrations(int newest);

/// Makes the partitions of messages and events that will be needed: of the quarter of `now`, of the
/// one before (a clock may be late) and of two ahead. Returns how many were missing. Harmless
/// beside readers, writers and others who do the same.
base::Task<std::int64_t> ensure_partitions(Connection* connection, base::Time now,
                                           base::Deadline deadline);

}  // namespace rubricon::postgres
