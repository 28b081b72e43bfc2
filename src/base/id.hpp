/// Strong identifiers: a chat's id is not a user's id, and neither is a string.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rubricon::base {

/// 128 bits, RFC 9562. Ordered bytewise, so UUIDv7s sort by the time they were made.
class Uuid {
 public:
  constexpr Uuid() = default;
  constexpr explicit Uuid(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}

  /// Accepts the 36-character form in either case, nothing else.
  static std::optional<Uuid> parse(std::string_view text);

  /// RFC 9562 §5.7: 48 bits of Unix milliseconds, then random bits with version 7 and variant 10.
  /// `random` must come from a cryptographic source.
  static Uuid v7(std::int64_t unix_ms, const std::array<std::uint8_t, 10>& random);

  /// Lower case, 36 characters.
  std::string to_string() const;

  /// The time in a version 7 id, milliseconds since 1970.
  std::int64_t unix_ms() const;

  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  constexpr auto operator<=>(const Uuid&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// `using ChatId = Id<struct ChatTag>`: explicit in, explicit out.
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(Uuid uuid) : uuid_(uuid) {}

  static std::optional<Id> parse(std::string_view text) {
    if (const auto uuid = Uuid::parse(text)) return Id(*uuid);
    return std::nullopt;
  }

  const Uuid& uuid() const { return uuid_; }
  std::string to_string() const { return uuid_.to_string(); }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  Uuid uuid_;
};

/// A strong number: `using Seq = Number<struct SeqTag>`.
template <typename Tag, typename Representation = std::int64_t>
class Number {
 public:
  constexpr Number() = default;
  constexpr explicit Number(Representation value) : value_(value) {}

  constexpr Representation value() const { return value_; }
  constexpr Number next() const { return Number(value_ + 1); }
  constexpr auto operator<=>(const Number&) const = default;

 private:
  Representation value_{};
};

}  // namespace rubricon::base

template <>
struct std::hash<rubricon::base::Uuid> {
  std::size_t operator()(const rubricon::base::Uuid& uuid) const noexcept {
    // The random tail of a version 7 id is already uniform.
    std::size_t h = 0;
    for (std::size_t i = 8; i < 16; ++i) h = h << 8 | uuid.bytes()[i];
    return h;
  }
};

template <typename Tag>
struct std::hash<rubricon::base::Id<Tag>> {
  std::size_t operator()(const rubricon::base::Id<Tag>& id) const noexcept {
    return std::hash<rubricon::base::Uuid>()(id.uuid());
  }
};

template <typename Tag, typename Representation>
struct std::hash<rubricon::base::Number<Tag, Representation>> {
  std::size_t operator()(const rubricon::base::Number<Tag, Representation>& n) const noexcept {
    return std::hash<Representation>()(n.value());
  }
};
