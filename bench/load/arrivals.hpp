/// Sockets that come and stay: what a handshake costs, and then what an idle connection takes.
#pragma once

#include "protocol.hpp"
#include "report.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct ArrivalsOptions {
  Protocol protocol = Protocol::raw;
  std::uint16_t port = 0;
  std::size_t sockets = 1'000;
  std::size_t at_once = 8;  ///< handshakes under way
  std::size_t addresses = 1;
  std::vector<std::string> tokens;  ///< in turn
  std::vector<std::string> chats;   ///< in turn; none: each stays outside
  bool stay = false;                ///< until standard input ends, answering heartbeats
  Servers servers;
};

/// Prints a line of JSON when all are in.
void arrive(const ArrivalsOptions& options);

}  // namespace bench
