#include <rubricon/crypto/key_store.hpp>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace rubricon::crypto {
namespace {

namespace fs = std::filesystem;

constexpr const char* previous_name = "previous.pem";
constexpr const char* refresh_name = "refresh.key";
constexpr std::string_view until_label = "Valid-Until: ";
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

/// The time in the first line of a retired key's file.
std::optional<base::Time> valid_until(std::string_view text) {
  if (!text.starts_with(until_label)) return std::nullopt;
  text.remove_prefix(until_label.size());
  return base::parse_time(text.substr(0, text.find('\n')));
}

}  // namespace

Secret derive_secret(const Secret& secret, std::string_view use) {
  static_assert(crypto_auth_hmacsha256_BYTES == std::tuple_size_v<Secret>);
  // No token begins like this, so nothing that is made of tokens under the same secret is equal.
  const std::string text = std::string("\1secret for ") + std::string(use);
  Secret derived{};
  crypto_auth_hmacsha256(derived.data(), reinterpret_cast<const unsigned char*>(text.data()),
                         text.size(), secret.data());
  return derived;
}

KeyStore::KeyStore(fs::path directory, const ports::Clock& clock)
    : directory_(std::move(directory)), clock_(clock) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot find a source of randomness");
  std::error_code error;
  fs::create_directories(directory_.parent_path(), error);
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) {
    refuse_errno(directory_, "make the directory");
  }
  if (!fs::is_directory(directory_)) refuse(directory_, "is not a directory");
}

KeySet KeyStore::load() {
  auto version = current_version();  // before it is read: rather noticed once too often
  auto pem = read(current_name);
  if (!pem) {
    pem = Es256Key::generate().to_pem();
    write(current_name, *pem);
    version = current_version();
  }
  KeySet keys{parse(current_name, *pem), std::nullopt};
  if (const auto text = read(previous_name)) {
    const auto until = valid_until(*text);
    if (!until) refuse(directory_ / previous_name, "does not begin with Valid-Until");
    auto key = parse(previous_name, *text);
    // The same key twice is what a crash in the middle of a rotation leaves.
    if (*until > clock_.now() && key.id() != keys.current.id()) {
      keys.previous = KeySet::Retired{std::move(key), *until};
    }
  }
  loaded_ = version;
  return keys;
}

bool KeyStore::replaced() const {
  const auto present = current_version();
  return present != FileVersion{} && present != loaded_;
}

KeyStore::FileVersion KeyStore::current_version() const {
  struct stat status{};
  if (::stat((directory_ / current_name).c_str(), &status) != 0) return {};
  const auto time = std::chrono::seconds(status.st_mtim.tv_sec) +
                    std::chrono::nanoseconds(status.st_mtim.tv_nsec);
  return {status.st_ino, time.count()};
}

KeySet KeyStore::rotate(base::Milliseconds overlap) {
  const auto before = load();
  const auto until = base::format_time(clock_.now() + overlap);
  write(previous_name, std::string(until_label) + until + "\n" + before.current.to_pem());
  write(current_name, Es256Key::generate().to_pem());
  return load();
}

RefreshSecret KeyStore::refresh_secret() {
  RefreshSecret secret{};
  auto bytes = read(refresh_name);
  if (!bytes) {
    randombytes_buf(secret.data(), secret.size());
    write(refresh_name, std::string(secret.begin(), secret.end()));
    return secret;
  }
  if (bytes->size() != secret.size()) refuse(directory_ / refresh_name, "must have 32 bytes");
  std::memcpy(secret.data(), bytes->data(), secret.size());
  return secret;
}

std::optional<std::string> KeyStore::read(const char* name) const {
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

/// Whole or not at all: beside its place, synced, then renamed.
void KeyStore::write(const char* name, std::string_view content) const {
  const auto path = directory_ / name;
  const auto draft = directory_ / (std::string(name) + ".new");
  ::unlink(draft.c_str());
  {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0) refuse_errno(draft, "create");
    const auto written = ::write(file.get(), content.data(), content.size());
    if (written != static_cast<ssize_t>(content.size()) || ::fsync(file.get()) != 0) {
      refuse_errno(draft, "write");
    }
  }
  if (::rename(draft.c_str(), path.c_str()) != 0) refuse_errno(path, "replace");
  sync_directory(directory_);
}

Es256Key KeyStore::parse(const char* name, std::string_view pem) const {
  auto key = Es256Key::from_pem(pem);
  if (!key) refuse(directory_ / name, "is not an unencrypted P-256 private key in PEM");
  return std::move(*key);
}

}  // namespace rubricon::crypto
