/// How far a replica is behind, by what it has replayed of what the primary had written when.
/// Independent of the clocks of servers, and right for a replica that is cut off. Pure.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>

namespace rubricon::postgres {

/// A place in the write-ahead log, in bytes.
enum class WalPlace : std::uint64_t {};

class LagMeter {
 public:
  /// The primary had written up to `place`, asked no later than `at`. Instants rise.
  void primary_at(base::Instant at, WalPlace place);
  /// Zero where the replica has replayed all that was known of; at least the time since the oldest
  /// sample kept where it is further behind than that.
  base::Milliseconds lag(base::Instant now, WalPlace replayed) const;

 private:
  struct Sample {
    base::Instant at;
    WalPlace place;
  };

  static constexpr std::size_t samples_max = 120;
  std::deque<Sample> samples_;  ///< places that differ, oldest first
};

}  // namespace rubricon::postgres
