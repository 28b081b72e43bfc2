/// Tokens whose signature was found good, remembered by their SHA-256, so that verifying costs its
/// 80 µs once a token and not once a request.
#pragma once

#include <rubricon/domain/user.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace rubricon::crypto {

/// Bounded: two generations of half the size each. When the young one is full it becomes the old
/// one, and what was old is forgotten; a look-up moves its entry to the young. Not synchronised.
class VerifiedTokens {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  explicit VerifiedTokens(std::size_t entries_max) : half_max_(entries_max / 2 + 1) {}

  static Digest digest(std::string_view token);

  std::optional<domain::Identity> find(const Digest& token);
  void remember(const Digest& token, const domain::Identity& identity);
  void clear();
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  struct Hash {
    std::size_t operator()(const Digest& digest) const noexcept;
  };
  using Generation = std::unordered_map<Digest, domain::Identity, Hash>;

  std::size_t half_max_;
  Generation young_;
  Generation old_;
};

}  // namespace rubricon::crypto
