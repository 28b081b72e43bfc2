/// The command line of `sim` and `sim_bugs`.
#pragma once

#include <rubricon/sim/script.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::sim {

struct Command {
  std::uint64_t first = 1;
  std::uint64_t last = 1;  ///< included
  unsigned jobs = 1;
  bool trace = false;
  std::optional<Parts> parts;     ///< of one seed: only these
  std::size_t shrink_runs = 200;  ///< spent on the smallest run that breaks the same rule
  std::string bug;                ///< empty: none
};

/// Nothing where the program should end with `exit_code`: help was asked for, or something is wrong
/// (and was said).
std::optional<Command> parse_command(int argc, const char* const* argv, int& exit_code);

/// The bugs that this program has; none but in `sim_bugs`.
std::vector<std::string> bug_names();

/// 0: every seed is clean. 1: a rule is broken. 2: the program itself failed.
/// With a bug, 0: a seed caught it, and is clean without it. 1: none did, or it is not.
int run_command(const Command& command);

}  // namespace rubricon::sim
