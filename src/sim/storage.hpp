/// What a device keeps when its browser dies: where it stands in each chat, and what it has not yet
/// seen stored.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace rubricon::sim {

struct Place {
  std::int64_t epoch = 0;
  std::int64_t seq = 0;
};

struct Unsent {
  std::string key;
  std::string content;
  std::size_t write = 0;  ///< index in the history
};

/// By chat id.
struct Storage {
  std::map<std::string, Place> places;
  std::map<std::string, std::deque<Unsent>> unsent;
};

}  // namespace rubricon::sim
