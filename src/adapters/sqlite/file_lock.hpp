/// SQLite mode is one process: a lock on a file beside the database says so. The kernel gives it
/// back when the process ends, however it ends.
#pragma once

#include <filesystem>

namespace rubricon::sqlite {

class FileLock {
 public:
  /// Throws OpenError, naming the holder's process id, where somebody has the lock.
  explicit FileLock(const std::filesystem::path& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace rubricon::sqlite
