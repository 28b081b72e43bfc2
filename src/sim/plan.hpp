/// What goes wrong in a run, when and for how long: drawn from the seed before anything happens, so
/// that it can be read, and so that what the system does cannot change it.
#pragma once

#include <rubricon/sim/dice.hpp>
#include <rubricon/sim/loop.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace rubricon::sim {

enum class FaultKind {
  api_killed,
  gateway_killed,
  worker_killed,
  api_stopped,  ///< as by SIGSTOP: goes on where it was
  gateway_stopped,
  worker_stopped,  ///< longer than its leases
  gateway_connections_lost,
  broker_away,       ///< refuses; at the end subscribers come back
  broker_restarted,  ///< all that is on its way is lost
  broker_loses,      ///< in silence
  broker_repeats,
  broker_delays,  ///< and so reorders
  broker_confirms_not,
  store_away,
  store_connections_lost,
  store_slow,
  store_flaky,
  assistant_away,
  link_cut,
  link_broken,
  link_slow,
  device_killed,
  store_restored,  ///< at the end: to what was committed at the beginning, in a new epoch
};
inline constexpr std::size_t fault_kinds = 23;

const char* to_string(FaultKind kind) noexcept;

struct Fault {
  FaultKind kind;
  std::size_t target = 0;  ///< of as many as there are, by remainder
  At from{};
  At until{};
};
std::string to_text(const Fault& fault);

/// Between `from` and `until`, a stopped worker excepted; in one run of seven nothing goes wrong.
std::vector<Fault> draw_plan(Dice dice, At from, At until);

bool restores_store(const std::vector<Fault>& plan);

}  // namespace rubricon::sim
