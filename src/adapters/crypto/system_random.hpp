/// The operating system's random numbers.
#pragma once

#include <rubricon/ports/random.hpp>

namespace rubricon::crypto {

class SystemRandom final : public ports::Random {
 public:
  /// Prepares libsodium; throws std::runtime_error where the system has no source of randomness.
  SystemRandom();
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace rubricon::crypto
