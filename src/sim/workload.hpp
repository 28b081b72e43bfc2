/// What people do in a run: they write, come late and go, are let in and removed, and sign out.
#pragma once

#include <rubricon/sim/world.hpp>

namespace rubricon::sim {

/// Everything that people do between `from` and `until`, drawn from the seed. `faults` is what the
/// times that news may take depend on.
void start_workload(World& world, At from, At until, const std::vector<Fault>& faults);

}  // namespace rubricon::sim
