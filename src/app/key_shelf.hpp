/// Where the keys of this installation are.
#pragma once

#include <rubricon/app/config.hpp>
#include <rubricon/ports/secret_shelf.hpp>

#include <memory>

namespace rubricon::app {

/// The data folder's `keys/`, beside SQLite; the database, where several processes share one.
/// Throws as SecretShelf does.
std::unique_ptr<ports::SecretShelf> key_shelf(const Config& config);

}  // namespace rubricon::app
