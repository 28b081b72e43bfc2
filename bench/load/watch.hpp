/// Many sockets of one chat while an answer is written: what each piece costs to bring to them.
#pragma once

#include "protocol.hpp"
#include "report.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct WatchOptions {
  Protocol protocol = Protocol::rubricon;  ///< nobody else writes answers
  std::uint16_t port = 0;
  std::size_t sockets = 1'000;
  double seconds = 5;
  double warm_up_seconds = 1;
  std::vector<std::string> tokens;  ///< one for every 20 sockets
  std::string chat;
  std::int64_t after = 0;  ///< position of the chat
  Servers servers;
};

/// Prints "ready" when all sockets are in the chat, and a line of JSON when an answer has been
/// heard for `seconds`. Throws where a piece is missing between two of one socket.
void watch(const WatchOptions& options);

}  // namespace bench
