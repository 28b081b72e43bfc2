/// One seed, from the empty store to the verdict.
#pragma once

#include <rubricon/history/check.hpp>
#include <rubricon/sim/loop.hpp>
#include <rubricon/sim/plan.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace rubricon::sim {

struct Outcome {
  std::vector<history::Violation> violations;
  std::vector<Fault> plan;
  std::uint64_t trace_hash = 0;
  std::vector<At> recovery_times;  ///< of each subscriber and chat
  std::size_t messages = 0;        ///< stored, answers too
  std::size_t events_applied = 0;
};

/// The same seed gives the same outcome, trace hash included. Installs virtual time on this thread
/// for the length of the call.
Outcome run(std::uint64_t seed, PrintTrace print = PrintTrace::no);

/// For people: what is broken, what went wrong on purpose, and how to see it again.
std::string to_text(std::uint64_t seed, const Outcome& outcome, const std::string& replay);

}  // namespace rubricon::sim
