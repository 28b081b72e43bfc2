/// Many runs, several processes at a time, and what came of all of them.
#pragma once

#include <rubricon/sim/loop.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace rubricon::sim {

struct Totals {
  std::size_t seeds = 0;
  std::size_t broken = 0;
  std::size_t messages = 0;
  std::size_t applied = 0;
  std::vector<At> recovery;  ///< of each subscriber and chat of each run

  bool operator==(const Totals&) const = default;
};

/// Called before each run: who crashes in it can no longer say so.
using BeginSeed = std::function<void(std::uint64_t seed)>;
using Share = std::function<Totals(unsigned job, const BeginSeed& begin)>;
/// Jobs that did not come to their end.
struct Crashed {
  std::vector<std::uint64_t> seeds;  ///< that they were in
  /// Jobs that crashed before their first seed or after they had told all, or never started.
  std::size_t outside = 0;

  bool operator==(const Crashed&) const = default;
};

/// Does `share` for 0..jobs-1, each in a process of its own: virtual time belongs to one thread,
/// and a crash to one job.
std::expected<Totals, Crashed> in_processes(unsigned jobs, const Share& share);

/// One line for people.
std::string to_text(Totals totals);

}  // namespace rubricon::sim
