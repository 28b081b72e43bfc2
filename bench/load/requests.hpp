/// GETs on connections that are kept, each the next as soon as the one before is answered.
#pragma once

#include "report.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct RequestsOptions {
  std::uint16_t port = 0;
  std::vector<std::string> paths;  ///< in turn
  std::string headers;             ///< lines with their ends
  std::size_t connections = 16;
  double seconds = 5;
  double warm_up_seconds = 1;
  Servers servers;
};

/// Prints a line of JSON. Throws for an answer other than 200.
void request(const RequestsOptions& options);

}  // namespace bench
