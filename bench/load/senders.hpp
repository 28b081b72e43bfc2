/// Many people who each wait for their own message to come back before they send the next.
#pragma once

#include "protocol.hpp"
#include "report.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct Sender {
  std::string token;
  std::string chat;
  std::string user;  ///< id, which the old system asks for
  std::int64_t after = 0;
};

struct SendersOptions {
  Protocol protocol = Protocol::rubricon;  ///< or `node`: the old system, by the event send-msg
  std::uint16_t port = 0;                  ///< of the sockets
  std::uint16_t rest_port = 0;             ///< of REST, where messages are posted; 0: the same
  double seconds = 5;
  double warm_up_seconds = 1;
  std::size_t addresses = 1;
  std::vector<Sender> senders;
  bool deaf = false;        ///< nobody listens: only the answers to the POSTs are waited for
  std::uint64_t count = 0;  ///< so many messages and no warm-up, in place of so many seconds
  Servers servers;
};

/// Prints a line of JSON. Throws where a message does not come, or twice.
void send_and_wait(const SendersOptions& options);

}  // namespace bench
