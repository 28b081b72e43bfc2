/// How a database file is, for `rubricon doctor`.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace rubricon::sqlite {

struct Condition {
  bool there = false;  ///< false before the first start; the rest means nothing then
  std::uintmax_t bytes = 0;
  std::int64_t schema = 0;        ///< newest migration applied
  std::int64_t schema_known = 0;  ///< newest that this program knows
  std::string damage;             ///< SQLite's words; empty where it found none
  bool looked_through = true;     ///< false where there was no time to look at every page
};

/// Looks without changing anything, also beside a server that uses the file. Blocks, for `patience`
/// or so. Throws Failure where the file cannot be read.
Condition look_at(const std::filesystem::path& path, base::Milliseconds patience);

}  // namespace rubricon::sqlite
