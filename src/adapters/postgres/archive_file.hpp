/// A quarter as a file: text that says what it is, the rows of each table as COPY writes them, and
/// at the end how many there are and the SHA-256 of all that stands before.
///
///     rubricon-quarter 1
///     quarter 2025q4
///     table messages chat_id,seq,…
///     (rows)
///     \.
///     table events stream,seq,…
///     (rows)
///     \.
///     rows 1234 5678
///     sha256 (64 hexadecimal digits)
#pragma once

#include <rubricon/postgres/quarter.hpp>
#include <rubricon/postgres/sha256.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::postgres {

/// The file cannot be written or read, or is not what it should be; in words for people.
class ArchiveError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ArchiveTable {
  std::string name;     ///< messages, events
  std::string columns;  ///< "chat_id,seq,…": the order of the fields
  std::int64_t rows = 0;

  bool operator==(const ArchiveTable&) const = default;
};

struct ArchiveSummary {
  Quarter quarter;
  std::vector<ArchiveTable> tables;  ///< in the order of the file
  std::string sha256;

  bool operator==(const ArchiveSummary&) const = default;
};

/// Writes a new file, which replaces what an interrupted attempt has left under that name. Removes
/// it again where finish() has not been called.
class ArchiveWriter {
 public:
  ArchiveWriter(std::filesystem::path file, Quarter quarter);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  void begin_table(const std::string& name, const std::string& columns);
  /// One row of COPY with its newline.
  void row(std::string_view text);
  void end_table();
  /// Returns when the file is on the disk.
  ArchiveSummary finish();

 private:
  void put(std::string_view text);
  void flush();

  std::filesystem::path file_;
  int descriptor_ = -1;
  std::string buffer_;
  Sha256 digest_;
  ArchiveSummary summary_;
  bool finished_ = false;
};

/// Reads a file from its beginning to its end, once.
class ArchiveReader {
 public:
  explicit ArchiveReader(std::filesystem::path file);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  Quarter quarter() const { return quarter_; }
  /// The head of the next table, or false after the last. What was not read of the one before is
  /// passed over.
  bool next_table(ArchiveTable& table);
  /// Some rows of the table, whole ones with their newlines; empty at its end.
  std::string rows();
  /// After the last table: whether all of it is what was written.
  ArchiveSummary verify();

 private:
  class Lines;

  std::unique_ptr<Lines> lines_;
  Quarter quarter_;
  std::vector<ArchiveTable> tables_;
  bool in_table_ = false;
  std::string end_;
};

/// Reads all of it. Throws ArchiveError where it is not whole.
ArchiveSummary check_archive(const std::filesystem::path& file);

/// What a rename or a removal needs to outlive a power failure.
void sync_folder(const std::filesystem::path& folder);

}  // namespace rubricon::postgres
