/// The server's secrets, by these names, made on first start:
///
///     current.pem    signs access tokens
///     previous.pem   signed them until it was replaced; its first line says until when its tokens
///                    count ("Valid-Until: 2026-11-22T21:48:35.123Z")
///     refresh.key    32 bytes from which successors of refresh tokens are derived
///
/// They are files of one directory, or rows of a database that several machines share. Whoever has
/// them can sign in as anybody: they belong into the backup and nowhere else.
#pragma once

#include <rubricon/crypto/es256_key.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/secret_shelf.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

/// Blocks; not for several threads at once. Functions throw what the shelf throws.
class KeyStore {
 public:
  /// The name of the key that signs now.
  static constexpr const char* current_name = "current.pem";

  /// `clock` outlives the store.
  KeyStore(std::unique_ptr<ports::SecretShelf> shelf, const ports::Clock& clock);
  /// The same with a FileShelf.
  KeyStore(std::filesystem::path directory, const ports::Clock& clock);

  /// The stored keys; makes the first one where there is none. A previous key whose time is over
  /// is left out.
  KeySet load();
  /// Whether a rotation, by whatever process, has replaced the key that was loaded last. Cheap.
  bool replaced() const;
  /// Whether no server has made keys here yet.
  bool empty() const;

  /// A new current key; the one before stays good for `overlap`, which must cover the life of the
  /// tokens that it signed. Safe against a crash at any point: afterwards the old or the new set is
  /// there.
  KeySet rotate(base::Milliseconds overlap);

  RefreshSecret refresh_secret();

 private:
  Es256Key parse(const char* name, std::string_view pem) const;
  [[noreturn]] void refuse(const char* name, const std::string& why) const;

  std::unique_ptr<ports::SecretShelf> shelf_;
  const ports::Clock& clock_;
  std::string loaded_;  ///< the version of the current key that was loaded last
};

}  // namespace rubricon::crypto
