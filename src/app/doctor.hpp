/// `rubricon doctor`: looks at the configuration and at every service that it names, changes
/// nothing, and says in plain words what is wrong and what to do.
#pragma once

#include <rubricon/app/config.hpp>

namespace rubricon::app {

/// Prints findings. 0 where nothing is broken, otherwise 1. Each service is given ten seconds or
/// so.
int doctor(const Config& config);

}  // namespace rubricon::app
