/// How the process logs.
#pragma once

#include <rubricon/app/config.hpp>
#include <rubricon/observability/log.hpp>

namespace rubricon::app {

/// Text on a terminal, JSON otherwise, unless the configuration says which.
observability::LogOptions log_options(const Config& config);

}  // namespace rubricon::app
