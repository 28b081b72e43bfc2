/// What an import did, counted: never what anybody wrote.
#pragma once

#include <rubricon/legacy/mapping.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rubricon::legacy {

/// Old ids that a report names for each table and reason; beyond that they are only counted.
inline constexpr std::size_t named_max = 1'000;

struct LeftOut {
  std::int64_t count = 0;
  std::vector<std::string> ids;  ///< of the old system, the first `named_max`
};

struct TableTally {
  std::int64_t found = 0;     ///< rows in the old table when the import began
  std::int64_t imported = 0;  ///< or would be, in a rehearsal
  std::int64_t there = 0;     ///< were here already
  std::map<Reason, LeftOut> left_out;

  void leave_out(Reason reason, const std::string& id);
  /// Rows that were looked at.
  std::int64_t seen() const;
};

struct Tally {
  bool rehearsal = false;
  TableTally users;
  TableTally chats;
  TableTally messages;
  std::int64_t names_adjusted = 0;
  std::int64_t titles_adjusted = 0;
  std::int64_t contexts_dropped = 0;

  std::int64_t found() const { return users.found + chats.found + messages.found; }
  std::int64_t seen() const { return users.seen() + chats.seen() + messages.seen(); }
};

/// A JSON document, and lines for people.
std::string to_json(const Tally& tally, double seconds);
std::string to_text(const Tally& tally, double seconds);

}  // namespace rubricon::legacy
