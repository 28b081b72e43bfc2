/// The way between one device and the servers, and what is wrong with it.
#pragma once

#include <rubricon/base/time.hpp>

#include <string>

namespace rubricon::sim {

struct Link {
  std::string name;
  base::Milliseconds latency_min{2};
  base::Milliseconds latency_max{15};
  /// Nothing gets through, and nobody is told: both ends have to notice by themselves.
  bool cut = false;
};

}  // namespace rubricon::sim
