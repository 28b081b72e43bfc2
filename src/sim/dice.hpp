/// Chance that repeats: every decision of a run comes from its seed. Each purpose has its own dice,
/// so that one more throw here does not change what happens there.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace rubricon::sim {

class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view purpose) : state_(seed * 0x9e3779b97f4a7c15u + 1) {
    for (const char c : purpose) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    next();
  }

  /// SplitMix64.
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
  }
  /// 0..n-1; n > 0.
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  /// Both ends included.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least + 1)));
  }
  base::Milliseconds between(base::Milliseconds least, base::Milliseconds most) {
    return base::Milliseconds(between(least.count(), most.count()));
  }
  bool chance(double probability) {
    return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability;
  }
  /// `from` is not empty.
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace rubricon::sim
