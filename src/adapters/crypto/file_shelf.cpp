#include <rubricon/crypto/file_shelf.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace rubricon::crypto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_bytes_max = 16 * 1024;

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw std::runtime_error(path.string() + ": " + why);
}

[[noreturn]] void refuse_errno(const fs::path& path, const char* doing) {
  refuse(path, std::string("cannot ") + doing + ": " + std::strerror(errno));
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

void sync_directory(const fs::path& directory) {
  const File file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) refuse_errno(directory, "sync");
}

/// Beside its place, synced.
fs::path write_draft(const fs::path& path, std::string_view content) {
  const auto draft = fs::path(path).concat(fmt::format(".{}.new", ::getpid()));
  ::unlink(draft.c_str());
  const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) refuse_errno(draft, "create");
  const auto written = ::write(file.get(), content.data(), content.size());
  if (written != static_cast<ssize_t>(content.size()) || ::fsync(file.get()) != 0) {
    refuse_errno(draft, "write");
  }
  return draft;
}

}  // namespace

FileShelf::FileShelf(fs::path directory) : directory_(std::move(directory)) {
  std::error_code error;
  fs::create_directories(directory_.parent_path(), error);
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) {
    refuse_errno(directory_, "make the directory");
  }
  if (!fs::is_directory(directory_)) refuse(directory_, "is not a directory");
}

std::optional<std::string> FileShelf::read(const std::string& name) {
  const auto path = directory_ / name;
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0) {
    if (errno == ENOENT) return std::nullopt;
    refuse_errno(path, "open");
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) refuse_errno(path, "look at");
  if (!S_ISREG(status.st_mode)) refuse(path, "is not a file");
  if ((status.st_mode & 0027) != 0) {
    refuse(path, "others may read or write it: run `chmod 600` on it");
  }
  std::string content(file_bytes_max + 1, '\0');
  const auto length = ::read(file.get(), content.data(), content.size());
  if (length < 0) refuse_errno(path, "read");
  if (static_cast<std::size_t>(length) > file_bytes_max) refuse(path, "is too long");
  content.resize(static_cast<std::size_t>(length));
  return content;
}

void FileShelf::write(const std::string& name, const std::string& content) {
  const auto path = directory_ / name;
  const auto draft = write_draft(path, content);
  if (::rename(draft.c_str(), path.c_str()) != 0) refuse_errno(path, "replace");
  sync_directory(directory_);
}

std::string FileShelf::make(const std::string& name, const std::string& content) {
  const auto path = directory_ / name;
  const auto draft = write_draft(path, content);
  const bool made = ::link(draft.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(draft.c_str());
  if (made) {
    sync_directory(directory_);
    return content;
  }
  errno = error;
  if (error != EEXIST) refuse_errno(path, "make");
  auto present = read(name);
  if (!present) refuse(path, "was there and is gone");
  return std::move(*present);
}

/// Which file it is, and since when.
std::string FileShelf::version(const std::string& name) {
  struct stat status{};
  if (::stat((directory_ / name).c_str(), &status) != 0) return {};
  return fmt::format("{}:{}.{}", status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

std::string FileShelf::place_of(const std::string& name) const {
  return (directory_ / name).string();
}

}  // namespace rubricon::crypto
