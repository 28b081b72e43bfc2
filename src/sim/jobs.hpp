/// Many runs, several processes at a time, and what came of all of them.
#pragma once

#include <rubricon/sim/loop.hpp>

#include <cstddef>
#include <functional>
#include <optional>
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

/// Does `share` for 0..jobs-1, each in a process of its own (here, if there is only one): virtual
/// time belongs to one thread, and a crash to one job. Nothing where one of them crashed.
std::optional<Totals> in_processes(unsigned jobs, const std::function<Totals(unsigned job)>& share);

/// One line for people.
std::string to_text(Totals totals);

}  // namespace rubricon::sim
