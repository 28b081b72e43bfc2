/// The server's secrets as files of one directory, made on first start:
///
///     current.pem    signs access tokens
///     previous.pem   signed them until it was replaced; its first line says until when its tokens
///                    count ("Valid-Until: 2026-11-22T21:48:35.123Z")
///     refresh.key    32 bytes from which successors of refresh tokens are derived
///
/// The directory is 0700 and the files are 0600; files that others may read or write are refused.
/// Whoever has them can sign in as anybody: they belong into the backup and nowhere else.
#pragma once

#include <rubricon/crypto/es256_key.hpp>
#include <rubricon/ports/clock.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

namespace rubricon::crypto {

/// The keys that tokens may be signed with; a value.
struct KeySet {
  struct Retired {
    Es256Key key;
    base::Time until;
  };

  Es256Key current;
  std::optional<Retired> previous;
};

using Secret = std::array<std::uint8_t, 32>;
using RefreshSecret = Secret;

/// A secret for another use: HMAC-SHA-256 of `use` under `secret`. Says nothing about `secret` nor
/// about those for other uses.
Secret derive_secret(const Secret& secret, std::string_view use);

/// Not for several threads at once. Functions throw std::runtime_error with a text for the
/// administrator where a file cannot be read, written or trusted.
class KeyStore {
 public:
  /// The file of the key that signs now.
  static constexpr const char* current_name = "current.pem";

  /// Makes the directory where it is missing. `clock` outlives the store.
  KeyStore(std::filesystem::path directory, const ports::Clock& clock);

  /// The keys on disk; makes the first one where there is none. A previous key whose time is over
  /// is left out.
  KeySet load();
  /// Whether a rotation, by whatever process, has replaced the key that was loaded last. Asks the
  /// disk, cheaply.
  bool replaced() const;

  /// A new current key; the one before stays good for `overlap`, which must cover the life of the
  /// tokens that it signed. Safe against a crash at any point: afterwards the old or the new set is
  /// there.
  KeySet rotate(base::Milliseconds overlap);

  RefreshSecret refresh_secret();

 private:
  std::optional<std::string> read(const char* name) const;
  void write(const char* name, std::string_view content) const;
  Es256Key parse(const char* name, std::string_view pem) const;

  std::filesystem::path directory_;
  const ports::Clock& clock_;
  /// Which file was loaded last, by its number and its time.
  using FileVersion = std::pair<std::uint64_t, std::int64_t>;
  FileVersion current_version() const;
  FileVersion loaded_{};
};

}  // namespace rubricon::crypto
