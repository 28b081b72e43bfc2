/// `rubricon import legacy`: people, chats and messages of the system before this one.
#pragma once

#include <rubricon/app/config.hpp>

#include <string>

namespace rubricon::app {

struct LegacyRequest {
  std::string url;     ///< of the old database, as Prisma had it; a password may be in PGPASSFILE
  std::string report;  ///< file for what was done, as JSON; empty for none
  bool dry_run = false;
};

/// Takes over what is not here yet, and says what it did; returns the exit status. No server runs
/// on the database meanwhile: of SQLite that is enforced. May be ended at any moment and run again.
/// A rehearsal reads the old tables only, and does not open our database. Throws what the adapters
/// throw, with sentences for people.
int import_legacy(const Config& config, const LegacyRequest& request);

}  // namespace rubricon::app
