/// Why a connection or a socket ended.
#pragma once

#include <cstdint>

namespace rubricon::socketio {

/// The first nine have the names that Node's server uses; handlers and logs show `to_string`.
enum class Reason {
  transport_close,              ///< the client closed, or its connection was lost
  transport_error,              ///< the client broke a rule of the transport
  ping_timeout,                 ///< no answer to a heartbeat in time
  parse_error,                  ///< a packet could not be read, or had no place in the protocol
  forced_close,                 ///< the server closed the transport (also: no namespace in time)
  forced_server_close,          ///< `Socket::disconnect` with `Close::transport`
  client_namespace_disconnect,  ///< the client left this namespace
  server_namespace_disconnect,  ///< `Socket::disconnect` with `Close::socket`
  server_shutting_down,         ///< `Server::close_all`
  slow_consumer,                ///< ours: the outbound queue was full. The client may come back
  rate_limit,                   ///< ours: more packets than allowed. The client may come back
};

/// Number of enumerators, for counters by reason.
inline constexpr int reason_count = 11;

/// "transport close", "ping timeout", …; static storage.
const char* to_string(Reason reason) noexcept;

/// The code of a WebSocket close frame. Engine.IO closes without one (1005, an empty frame), and so
/// do we where it has a name for the reason; 1013 and 1008 for ours.
std::uint16_t close_code(Reason reason) noexcept;

}  // namespace rubricon::socketio
