/// Runs the server: all roles in this process.
#pragma once

#include <rubricon/app/config.hpp>

namespace rubricon::app {

/// Blocks until SIGTERM or SIGINT, then drains for at most 30 s (a second signal ends at once).
/// Returns the exit status. Throws ConfigError and what the adapters throw at start, each with a
/// sentence for people.
int serve(const Config& config);

/// Opens the database, which applies what is missing of the schema.
int migrate(const Config& config);

}  // namespace rubricon::app
