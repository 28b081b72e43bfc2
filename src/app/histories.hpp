/// The stored log, read from beside the servers that use it.
#pragma once

#include <rubricon/app/config.hpp>
#include <rubricon/ports/chat_history.hpp>
#include <rubricon/ports/clock.hpp>

#include <memory>

namespace rubricon::app {

/// Of the database that the configuration names. Throws what the adapters throw, with sentences for
/// people. `clock` outlives it.
std::unique_ptr<ports::ChatHistories> open_histories(const Config& config,
                                                     const ports::Clock& clock);

}  // namespace rubricon::app
