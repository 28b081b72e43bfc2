#include <rubricon/crypto/key_store.hpp>

#include <rubricon/crypto/file_shelf.hpp>

#include <sodium.h>

#include <cstring>
#include <stdexcept>
#include <utility>

namespace rubricon::crypto {
namespace {

constexpr const char* previous_name = "previous.pem";
constexpr const char* refresh_name = "refresh.key";
constexpr std::string_view until_label = "Valid-Until: ";

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

KeyStore::KeyStore(std::unique_ptr<ports::SecretShelf> shelf, const ports::Clock& clock)
    : shelf_(std::move(shelf)), clock_(clock) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot find a source of randomness");
}

KeyStore::KeyStore(std::filesystem::path directory, const ports::Clock& clock)
    : KeyStore(std::make_unique<FileShelf>(std::move(directory)), clock) {}

KeySet KeyStore::load() {
  auto version = shelf_->version(current_name);  // before it is read: rather noticed once too often
  auto pem = shelf_->read(current_name);
  if (!pem) {
    pem = shelf_->make(current_name, Es256Key::generate().to_pem());
    version = shelf_->version(current_name);
  }
  KeySet keys{parse(current_name, *pem), std::nullopt};
  if (const auto text = shelf_->read(previous_name)) {
    const auto until = valid_until(*text);
    if (!until) refuse(previous_name, "does not begin with Valid-Until");
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
  const auto present = shelf_->version(current_name);
  return !present.empty() && present != loaded_;
}

bool KeyStore::empty() const {
  return shelf_->version(current_name).empty();
}

KeySet KeyStore::rotate(base::Milliseconds overlap) {
  const auto before = load();
  const auto until = base::format_time(clock_.now() + overlap);
  shelf_->write(previous_name, std::string(until_label) + until + "\n" + before.current.to_pem());
  shelf_->write(current_name, Es256Key::generate().to_pem());
  return load();
}

RefreshSecret KeyStore::refresh_secret() {
  RefreshSecret secret{};
  auto bytes = shelf_->read(refresh_name);
  if (!bytes) {
    randombytes_buf(secret.data(), secret.size());
    bytes = shelf_->make(refresh_name, std::string(secret.begin(), secret.end()));
  }
  if (bytes->size() != secret.size()) refuse(refresh_name, "must have 32 bytes");
  std::memcpy(secret.data(), bytes->data(), secret.size());
  return secret;
}

void KeyStore::refuse(const char* name, const std::string& why) const {
  throw std::runtime_error(shelf_->place_of(name) + ": " + why);
}

Es256Key KeyStore::parse(const char* name, std::string_view pem) const {
  auto key = Es256Key::from_pem(pem);
  if (!key) refuse(name, "is not an unencrypted P-256 private key in PEM");
  return std::move(*key);
}

}  // namespace rubricon::crypto
