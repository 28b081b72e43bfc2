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

  /// What a client says of itself: both texts may be forged. Official clients keep their offset
  /// when they are given another pid, so it need not be of the session that `pid` names.
  struct Claim {
    std::string pid;     ///< has the form of a pid, or is empty where the client named none
    std::string offset;  ///< at most 1 KiB: the last text that ended an event it heard, or empty
    std::any data;       ///< what the admission accepted the client with
  };

  /// Names the session of a new socket: 20 to 64 characters of [A-Za-z0-9_-] that nobody can guess.
  virtual std::string new_pid(const Claim& newcomer) = 0;

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
