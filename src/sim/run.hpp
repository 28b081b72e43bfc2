/// One run, from the empty store to the verdict.
#pragma once

#include <rubricon/history/check.hpp>
#include <rubricon/sim/loop.hpp>
#include <rubricon/sim/script.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace rubricon::sim {

struct Outcome {
  std::vector<history::Violation> violations;
  history::History history;
  std::uint64_t trace_hash = 0;
  std::vector<At> recovery_times;  ///< of each subscriber and chat
  std::size_t messages = 0;        ///< stored, answers too

  bool breaks(int rule) const;
};

/// The same script gives the same outcome, history and trace hash included. Installs virtual time
/// on this thread for the length of the call.
Outcome run(const Script& script, PrintTrace print = PrintTrace::no);

/// For people: who did what, and what went wrong on purpose.
std::string to_text(const Script& script);

}  // namespace rubricon::sim
