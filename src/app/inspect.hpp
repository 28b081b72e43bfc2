/// Commands that look at the database of a data folder, also while a server uses it.
#pragma once

#include <rubricon/app/config.hpp>

#include <cstdint>
#include <string>

namespace rubricon::app {

/// `verify`: 0 where the rules of verify_store hold, 1 with the findings on standard output
/// otherwise.
int verify(const Config& config);

/// `events rebuild`: rebuilds each chat from its events in memory; 0 where the tables hold the same
/// and the search index finds it.
int rebuild_events(const Config& config);

struct TailRequest {
  std::string chat;        ///< id
  std::int64_t after = 0;  ///< events after this seq
  bool follow = false;     ///< goes on until the reader or Ctrl-C ends it
};

/// `events tail`: events as lines of JSON, oldest first. Shows what people wrote.
int tail_events(const Config& config, const TailRequest& request);

}  // namespace rubricon::app
