/// Randomness enters the system here.
#pragma once

#include <cstdint>
#include <span>

namespace rubricon::ports {

/// Safe to call from any thread.
class Random {
 public:
  virtual ~Random() = default;

  /// Fills `out` with unpredictable bytes (production) or with bytes from a seed (simulation).
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace rubricon::ports
