/// What people do in a run: the acts of its script.
#pragma once

#include <rubricon/sim/world.hpp>

namespace rubricon::sim {

/// Does every act at its time. Call before time moves.
void start_workload(World& world);

}  // namespace rubricon::sim
