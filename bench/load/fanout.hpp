/// One publisher, many subscribers of one room: what a delivery costs, and how long it takes.
#pragma once

#include "protocol.hpp"
#include "report.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct FanoutOptions {
  Protocol protocol = Protocol::raw;
  std::uint16_t port = 0;
  std::size_t sockets = 1'000;
  std::size_t in_flight = 1;  ///< messages that not everybody has yet
  double rate = 0;            ///< messages a second at most; 0: as many as `in_flight` allows
  double seconds = 5;
  double warm_up_seconds = 1;
  std::size_t payload = 100;        ///< bytes of text in a message
  std::size_t addresses = 1;        ///< loopback addresses that the subscribers come from
  std::vector<std::string> tokens;  ///< of rubricon: one for every 20 sockets, the writer's first
  std::string chat;
  std::int64_t after = 0;  ///< position of the chat
  Servers servers;
};

/// Prints a line of JSON. Throws where a message is lost, comes twice or out of order.
void fan_out(const FanoutOptions& options);

}  // namespace bench
