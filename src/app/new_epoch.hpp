/// `rubricon events new-epoch`: what must be said of a database that went back to an older state.
#pragma once

#include <rubricon/app/config.hpp>

namespace rubricon::app {

/// Every stream begins a new epoch; says how many. No server runs on the database meanwhile: of
/// SQLite that is enforced.
int begin_new_epoch(const Config& config);

}  // namespace rubricon::app
