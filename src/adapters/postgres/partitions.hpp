/// The quarters of messages and events, for whoever looks after the database: what there is, what
/// is needed, and old ones taken out, written to files and brought back. Beside a running system.
///
/// Quarters leave oldest first and come back newest first, so that what is attached is always the
/// newest part of every stream: whoever asks for something older is told to read anew. Every step
/// is one transaction that is seen whole or not at all; a command that was interrupted is run
/// again.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/postgres/archive_file.hpp>
#include <rubricon/postgres/quarter.hpp>
#include <rubricon/postgres/session.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace rubricon::postgres {

/// Refused, and nothing was changed; says why and what to do.
class PartitionError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `apart`: a table of its own in the database; `archived`: only in a file.
enum class PartitionState { attached, apart, archived };

struct Partition {
  std::string parent;  ///< messages, events
  Quarter quarter;
  PartitionState state = PartitionState::attached;
  std::int64_t rows = 0;   ///< an estimate, but for archived ones
  std::int64_t bytes = 0;  ///< on the server, with indexes
  std::string archive;     ///< the file, where there is one
};

struct PartitionList {
  std::vector<Partition> partitions;  ///< by table, oldest first
  /// Of this quarter and the two ahead, those that are not attached: "messages_2027q1".
  std::vector<std::string> missing;
};

/// How often a change asks for its locks before it gives up, half a minute as a rule.
struct PartitionOptions {
  int attempts_max = 45;
  base::Milliseconds pause{500};
};

/// Calls block. Throws PartitionError, ArchiveError; Failure, Defect.
class Partitions {
 public:
  /// `clock` outlives it.
  Partitions(const std::string& url, const ports::Clock& clock, PartitionOptions options = {});

  PartitionList list();
  /// Makes what is needed; the names of what was missing.
  std::vector<std::string> ensure();

  enum class Detached { now, before };
  /// Takes the quarter out of messages and events. Readers and writers wait for it 200 ms at most;
  /// while others hold the tables it tries again, for half a minute. Refused for a quarter that has
  /// not ended a week ago, that has events to publish or questions to answer, or is not the oldest.
  Detached detach(Quarter quarter);

  struct Archived {
    std::filesystem::path file;
    ArchiveSummary summary;
  };
  /// Writes a quarter that is detached to a file in `folder`, reads the file back, and only then
  /// drops its tables. Never replaces a file that says something else.
  Archived archive(Quarter quarter, const std::filesystem::path& folder);

  enum class Restored { now, before };
  /// Attaches a quarter again, from its tables or from the file that they were archived to. Readers
  /// and writers do not wait for it.
  Restored restore(Quarter quarter);
  /// The same, from a file that may have been moved. Nothing is left of one that is not whole, or
  /// is not the one that was archived.
  Restored restore(const std::filesystem::path& file);

 private:
  struct Record {
    bool taken_out = false;  ///< false while a detach is under way
    std::optional<std::string> archive;
    std::optional<std::string> sha256;
  };

  std::optional<Record> record_of(Quarter quarter);
  /// Both are there, attached or not.
  bool has_tables(Quarter quarter);
  bool is_attached(const std::string& table);
  /// Waits for no other command; until the end of the transaction.
  void hold_alone();
  void may_detach(Quarter quarter);
  void may_restore(Quarter quarter);
  std::optional<Quarter> oldest_attached();
  void record_spans(Quarter quarter);
  void take_out(Quarter quarter);
  void write_table(ArchiveWriter& writer, Quarter quarter, const std::string& parent);
  void load(const std::filesystem::path& file, Quarter quarter, const std::string& sha256);
  void attach(Quarter quarter);
  void attach_tables(Quarter quarter);
  /// Runs `change`, a transaction, until it gets its locks.
  void insist(const std::function<void()>& change);

  Session session_;
  const ports::Clock& clock_;
  PartitionOptions options_;
};

}  // namespace rubricon::postgres
