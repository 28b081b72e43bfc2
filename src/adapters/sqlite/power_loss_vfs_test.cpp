#include <rubricon/sqlite/power_loss_vfs_test.hpp>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace rubricon::sqlite {
namespace {

constexpr std::int64_t sector = 512;
constexpr std::array<const char*, 3> suffixes = {"", "-wal", "-journal"};
constexpr int database_file = 0;
constexpr int log_file = 1;
constexpr int journal_file = 2;
constexpr int other_file = -1;

enum class Kind : std::int32_t { write, truncate, sync, failed_sync, removal };

/// As it is written down, followed by the bytes of a write.
struct Operation {
  Kind kind;
  std::int32_t file;
  std::int64_t offset;  ///< of a truncation: the new size
  std::int64_t size = 0;
};

int file_of(int flags) {
  if (flags & SQLITE_OPEN_MAIN_DB) return database_file;
  if (flags & SQLITE_OPEN_WAL) return log_file;
  if (flags & SQLITE_OPEN_MAIN_JOURNAL) return journal_file;
  return other_file;
}

int file_of(std::string_view name) {
  for (const int file : {log_file, journal_file}) {
    if (name.ends_with(suffixes[static_cast<std::size_t>(file)])) return file;
  }
  return database_file;
}

}  // namespace

/// SQLite gives the memory: this, and behind it the file of the VFS that does the work.
struct PowerLossFile {
  sqlite3_file base;
  PowerLossVfs* disk;
  int file;

  static const sqlite3_io_methods methods;

  static PowerLossFile* self(sqlite3_file* file) { return reinterpret_cast<PowerLossFile*>(file); }
  static sqlite3_file* inner(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(self(file) + 1);
  }

  static void note(PowerLossVfs& disk, Operation operation, const void* bytes) {
    if (operation.file == other_file) return;
    if (disk.left_to_live_ > 0 && --disk.left_to_live_ == 0) {
      ::raise(SIGKILL);
    }
    // One call, so that operations of several threads do not mix.
    const std::array<iovec, 2> parts = {
        iovec{&operation, sizeof operation},
        iovec{const_cast<void*>(bytes), static_cast<std::size_t>(operation.size)}};
    const auto whole = static_cast<ssize_t>(sizeof operation) + operation.size;
    if (::writev(disk.descriptor_, parts.data(), parts.size()) != whole) std::abort();
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* disk = static_cast<PowerLossVfs*>(vfs->pAppData);
    const int code = disk->inner_->xOpen(disk->inner_, name, inner(file), flags, out);
    self(file)->disk = disk;
    self(file)->file = file_of(flags);
    file->pMethods = inner(file)->pMethods ? &methods : nullptr;
    return code;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto* disk = static_cast<PowerLossVfs*>(vfs->pAppData);
    note(*disk, {Kind::removal, file_of(std::string_view(name)), 0}, nullptr);
    return disk->inner_->xDelete(disk->inner_, name, sync_folder);
  }

  static int close(sqlite3_file* file) { return inner(file)->pMethods->xClose(inner(file)); }

  static int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
    return inner(file)->pMethods->xRead(inner(file), bytes, size, offset);
  }

  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    note(*self(file)->disk, {Kind::write, self(file)->file, offset, size}, bytes);
    return inner(file)->pMethods->xWrite(inner(file), bytes, size, offset);
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    note(*self(file)->disk, {Kind::truncate, self(file)->file, size}, nullptr);
    return inner(file)->pMethods->xTruncate(inner(file), size);
  }

  static int sync(sqlite3_file* file, int) {
    auto& disk = *self(file)->disk;
    const Syncs syncs = disk.syncs_;
    if (syncs == Syncs::lying_log && self(file)->file == log_file) return SQLITE_OK;
    const Kind kind = syncs == Syncs::failing ? Kind::failed_sync : Kind::sync;
    note(disk, {kind, self(file)->file, 0}, nullptr);
    return kind == Kind::failed_sync ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  }

  static int size(sqlite3_file* file, sqlite3_int64* size) {
    return inner(file)->pMethods->xFileSize(inner(file), size);
  }
  static int lock(sqlite3_file* file, int level) {
    return inner(file)->pMethods->xLock(inner(file), level);
  }
  static int unlock(sqlite3_file* file, int level) {
    return inner(file)->pMethods->xUnlock(inner(file), level);
  }
  static int reserved(sqlite3_file* file, int* result) {
    return inner(file)->pMethods->xCheckReservedLock(inner(file), result);
  }
  static int control(sqlite3_file* file, int operation, void* argument) {
    return inner(file)->pMethods->xFileControl(inner(file), operation, argument);
  }
  static int sector_size(sqlite3_file* file) {
    return inner(file)->pMethods->xSectorSize(inner(file));
  }
  static int characteristics(sqlite3_file* file) {
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
  }
  static int map(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
    return inner(file)->pMethods->xShmMap(inner(file), region, size, extend, memory);
  }
  static int shared_lock(sqlite3_file* file, int offset, int count, int flags) {
    return inner(file)->pMethods->xShmLock(inner(file), offset, count, flags);
  }
  static void barrier(sqlite3_file* file) { inner(file)->pMethods->xShmBarrier(inner(file)); }
  static int unmap(sqlite3_file* file, int remove) {
    return inner(file)->pMethods->xShmUnmap(inner(file), remove);
  }
};

// Version 2: with shared memory for the log's index, without memory-mapped reads.
const sqlite3_io_methods PowerLossFile::methods = {
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map,
    .xShmLock = shared_lock,
    .xShmBarrier = barrier,
    .xShmUnmap = unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

PowerLossVfs::PowerLossVfs(const std::filesystem::path& operations)
    : inner_(sqlite3_vfs_find(nullptr)),
      vfs_(*inner_),
      descriptor_(::open(operations.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0) throw std::runtime_error("the operations cannot be written down");
  vfs_.zName = "power_loss";
  vfs_.szOsFile = static_cast<int>(sizeof(PowerLossFile)) + inner_->szOsFile;
  vfs_.pAppData = this;
  vfs_.xOpen = PowerLossFile::open;
  vfs_.xDelete = PowerLossFile::remove;
  sqlite3_vfs_register(&vfs_, 1);
}

PowerLossVfs::~PowerLossVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(inner_, 1);
  ::close(descriptor_);
}

namespace {

struct Change {
  Operation operation;
  std::string bytes;
};

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool survives(Survival survival) {
  if (survival.share <= 0) return false;
  if (survival.share >= 1) return true;
  return std::uniform_real_distribution<>(0, 1)(*survival.chance) < survival.share;
}

void store(const Change& change, std::string& file, Survival survival) {
  const auto& [operation, bytes] = change;
  if (operation.kind == Kind::truncate) {
    if (survives(survival)) file.resize(static_cast<std::size_t>(operation.offset));
    return;
  }
  const std::int64_t end = operation.offset + operation.size;
  for (std::int64_t from = operation.offset; from < end;) {
    const std::int64_t to = std::min(end, (from / sector + 1) * sector);
    if (survives(survival)) {
      if (std::ssize(file) < to) file.resize(static_cast<std::size_t>(to));
      std::memcpy(file.data() + from, bytes.data() + (from - operation.offset),
                  static_cast<std::size_t>(to - from));
    }
    from = to;
  }
}

void store_all(std::vector<Change>& changes, std::string& file, Survival survival) {
  for (const auto& change : changes) store(change, file, survival);
  changes.clear();
}

}  // namespace

Disk read_disk(const std::filesystem::path& database) {
  Disk disk;
  for (std::size_t i = 0; i < disk.size(); ++i) disk[i] = content(database.string() + suffixes[i]);
  return disk;
}

void write_disk(const std::filesystem::path& database, const Disk& disk) {
  std::filesystem::remove(database.string() + "-shm");
  for (std::size_t i = 0; i < disk.size(); ++i) {
    const std::string path = database.string() + suffixes[i];
    std::filesystem::remove(path);
    if (!disk[i].empty()) std::ofstream(path, std::ios::binary) << disk[i];
  }
}

Disk after_power_failure(const std::filesystem::path& operations, Disk disk, Survival survival,
                         std::uintmax_t bytes) {
  std::array<std::vector<Change>, 3> unsynced;
  const Survival all{.share = 1, .chance = nullptr};
  std::ifstream in(operations, std::ios::binary);
  Change change{};
  while (in.read(reinterpret_cast<char*>(&change.operation), sizeof change.operation)) {
    const auto& operation = change.operation;
    const auto length = sizeof operation + static_cast<std::size_t>(operation.size);
    if (length > bytes) break;
    bytes -= length;
    change.bytes.resize(static_cast<std::size_t>(operation.size));
    if (!in.read(change.bytes.data(), operation.size)) break;  // the process died in it
    const auto file = static_cast<std::size_t>(operation.file);
    switch (operation.kind) {
      case Kind::write:
      case Kind::truncate: unsynced[file].push_back(change); break;
      case Kind::sync: store_all(unsynced[file], disk[file], all); break;
      case Kind::failed_sync: store_all(unsynced[file], disk[file], survival); break;
      case Kind::removal:
        unsynced[file].clear();
        disk[file].clear();
        break;
    }
  }
  for (std::size_t i = 0; i < disk.size(); ++i) store_all(unsynced[i], disk[i], survival);
  return disk;
}

}  // namespace rubricon::sqlite
