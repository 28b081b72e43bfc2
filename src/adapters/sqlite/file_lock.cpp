#include <rubricon/sqlite/file_lock.hpp>

#include <rubricon/sqlite/database.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace rubricon::sqlite {
namespace {

std::string holder(int descriptor) {
  std::array<char, 32> text{};
  const auto length = ::pread(descriptor, text.data(), text.size() - 1, 0);
  if (length <= 0) return "another process";
  return "process " + std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0) {
    throw OpenError(fmt::format("cannot open {}: {}", path.string(), std::strerror(errno)));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const std::string who = holder(descriptor_);
    ::close(descriptor_);
    throw OpenError(fmt::format(
        "{} is held by {}: one process at a time may use a SQLite database. Stop the other one.",
        path.string(), who));
  }
  const std::string pid = std::to_string(::getpid());
  // Only a help for people: if it cannot be written, the lock holds all the same.
  if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, pid.data(), pid.size(), 0) < 0) {
    static_cast<void>(::ftruncate(descriptor_, 0));
  }
}

FileLock::~FileLock() {
  ::close(descriptor_);
}

}  // namespace rubricon::sqlite
