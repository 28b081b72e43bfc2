/// A disk for SQLite whose power can fail: what was written and not synced may be gone, in part or
/// altogether. It writes down every operation on the database, its log and its journal; replaying
/// them tells what a power failure would have left at that moment.
#pragma once

#include <sqlite3.h>
#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <random>
#include <string>

namespace rubricon::sqlite {

enum class Syncs {
  honest,
  failing,    ///< SQLITE_IOERR_FSYNC, and as in Linux what was to be synced counts as clean
  lying_log,  ///< the disk says that the write-ahead log is stored, and has it in its cache
};

/// SQLite's default VFS while it lives, in front of the one that was. Files are written to as ever
/// (they are what the kernel has in its cache) and never synced. Several processes in turn may
/// continue one list of operations.
class PowerLossVfs final {
 public:
  explicit PowerLossVfs(const std::filesystem::path& operations);
  ~PowerLossVfs();
  PowerLossVfs(const PowerLossVfs&) = delete;
  PowerLossVfs& operator=(const PowerLossVfs&) = delete;

  void set_syncs(Syncs syncs) { syncs_ = syncs; }
  /// SIGKILL to this process instead of the n-th operation from here.
  void die_at(std::int64_t operation) { left_to_live_ = operation; }

 private:
  friend struct PowerLossFile;

  sqlite3_vfs* inner_;
  sqlite3_vfs vfs_;
  int descriptor_;
  std::atomic<Syncs> syncs_ = Syncs::honest;
  std::atomic<std::int64_t> left_to_live_ = 0;
};

/// What is stored in the files of a database: itself, its log, its journal. That a file is there
/// counts as stored at once: an empty one is to SQLite what a missing one is, the first sync of a
/// new file syncs its folder too, and none is deleted here but by a close, after a checkpoint.
using Disk = std::array<std::string, 3>;

Disk read_disk(const std::filesystem::path& database);
/// As after a restart: without the shared memory of those who had it open.
void write_disk(const std::filesystem::path& database, const Disk& disk);

/// Which of the sectors of 512 bytes that were not synced are stored all the same.
struct Survival {
  double share;  ///< 0 none .. 1 all
  std::mt19937* chance;
};

/// The disk after a power failure behind the last of the operations, which began on `disk`; or
/// behind the last whole one in so many bytes of their list.
Disk after_power_failure(const std::filesystem::path& operations, Disk disk, Survival survival,
                         std::uintmax_t bytes = std::numeric_limits<std::uintmax_t>::max());

}  // namespace rubricon::sqlite
