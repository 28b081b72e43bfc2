/// Connection state recovery that the application answers, from a log or a store that outlives
/// connections and processes. (`RecoveryOptions` is the other kind: minutes, in memory.)
///
/// Nothing is kept here for it: a session is named by a secret that its client remembers, and the
/// public id of its sockets is derived from that. Whoever knows the secret gets the same id again,
/// on any server; nobody else can.
#pragma once

#include <any>
#include <functional>
#include <string>
#include <string_view>

namespace rubricon::socketio_server {

enum class Recovered { no, yes };

/// All calls on the server's executor.
class SessionStore {
 public:
  virtual ~SessionStore() = default;

  /// Names the session of a new socket: 20 to 64 characters of [A-Za-z0-9_-] that nobody can guess.
  virtual std::string new_pid() = 0;

  /// What a client says of itself. `pid` has the form of a pid; `offset` is at most 1 KiB, the last
  /// argument of the last event that it heard, if that was a text. Both may be forged.
  struct Claim {
    std::string pid;
    std::string offset;
    std::any data;  ///< what the admission accepted the client with
  };
  /// The first call counts, now or later. When every copy goes without one, the answer is no.
  using Answer = std::function<void(Recovered)>;

  /// A client that has been admitted wants to go on where it was. With `yes` it is told that it is
  /// recovered; then `on_connection` is called with a socket for which `recovered()` is true, and
  /// the application puts it into its rooms and sends what it missed. With `no` it is a new socket.
  virtual void claim(Claim claim, Answer answer) = 0;
};

/// The id of the sockets of a session. One way: it says nothing about the pid.
std::string socket_id_of(std::string_view pid);

}  // namespace rubricon::socketio_server
