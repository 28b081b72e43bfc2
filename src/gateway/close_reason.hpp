/// Why the gateway ends a connection, and whether the client may come back. Before the end, where
/// that still can reach it, the client is told `server-closing {code, comeBack}`.
#pragma once

#include <cstddef>
#include <string_view>

namespace rubricon::gateway {

enum class CloseReason {
  slow,              ///< did not read fast enough; comes back and gets what it missed
  overloaded,        ///< the process holds too many unsent bytes, and this client most of them
  token_expired,     ///< the grace after the token's expiry is over; comes back with a new token
  stream_restarted,  ///< the database was restored; comes back and reads everything anew
  not_recovered,     ///< was told that it is recovered, and is not; comes back as a new socket
  session_revoked,   ///< signed out; must sign in again
  too_many_events,   ///< went on after being told that it sends too much
  too_large,         ///< sent an event over its limit, and would only send it again
  too_many_connections,  ///< one too many, which was known only after it was let in
};
inline constexpr std::size_t close_reason_count = 9;

enum class ComeBack { no, yes };

/// Wire and metric spelling, e.g. "session_revoked".
std::string_view code(CloseReason reason);
/// With `yes` the transport closes without a word, so that the official clients reconnect by
/// themselves; with `no` they are disconnected and stay away.
ComeBack come_back(CloseReason reason);

}  // namespace rubricon::gateway
