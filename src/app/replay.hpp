/// `rubricon events replay`: stored events go to live consumers once more.
#pragma once

#include <rubricon/app/config.hpp>

#include <cstdint>
#include <limits>
#include <string>

namespace rubricon::app {

struct ReplayRequest {
  std::string stream;  ///< "chat:<id>", "user:<id>" or the id of a chat; empty with `all`
  bool all = false;    ///< every chat
  std::int64_t after = 0;
  std::int64_t until = std::numeric_limits<std::int64_t>::max();
  bool dry_run = false;  ///< says what it would do
};

/// Reads the database of the data folder to know what there is, and asks the server that runs on it
/// (`admin_listen`) to publish it. Prints a line a stream. 0 where everything was published, 1
/// where the server cannot be reached or refuses. Throws ConfigError for a request that cannot be
/// meant.
int replay_events(const Config& config, const ReplayRequest& request);

}  // namespace rubricon::app
