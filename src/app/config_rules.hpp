/// What settings mean together.
#pragma once

#include <rubricon/app/config.hpp>

namespace rubricon::app {

/// What depends on other settings where nobody chose it; said in `settings`, too.
void complete(LoadedConfig& loaded);

/// Throws ConfigError where the settings cannot work together, with what to do.
void refuse_what_cannot_work(const Config& config);

}  // namespace rubricon::app
