/// The same bytes in every run: for tests and the simulation.
#pragma once

#include <rubricon/ports/random.hpp>

#include <mutex>
#include <random>

namespace rubricon::memory {

class SeededRandom final : public ports::Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 42) : engine_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace rubricon::memory
