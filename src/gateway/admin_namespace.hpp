/// The namespace /admin, as the official Admin UI (@socket.io/admin-ui 0.5) speaks it: how many
/// clients there are and how much they say, every two seconds. Read-only and for production: it
/// shows numbers, never an event, a name or an id, and whatever the UI sends is dropped.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/ports/password_login.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/ports/token_authority.hpp>
#include <rubricon/socketio_server/server.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace rubricon::gateway {

struct AdminServices {
  const ports::TokenVerifier& tokens;
  const ports::Revocations& revocations;
  ports::PasswordLogin& passwords;
  ports::SessionStore& sessions;
  ports::EventBus& bus;
  const ports::Clock& clock;
  ports::Random& random;
  observability::Log& log;
};

struct AdminOptions {
  std::string hostname;
  int pid = 0;
  base::Milliseconds stats_every{2'000};
  /// How long a sign-in by password lasts, also over reconnections of the UI.
  base::Milliseconds session_lifetime{8 * 60 * 60 * 1'000};
  std::size_t sessions_max = 100;  ///< signed in by password; the oldest is forgotten
  std::size_t sockets_max = 100;
  std::size_t sign_ins_max = 8;  ///< passwords being checked at a time
  base::Milliseconds sign_in_timeout{10'000};
};

/// Who may enter: administrators, proved by `auth` of the handshake. `{token}` is an access token
/// of one, good until it expires or its session is revoked. `{username, password}` is the e-mail
/// address and password of one, checked and throttled as POST /api/auth/login does; the answer is a
/// `session`, a secret with which the UI comes back: `{sessionId}`. Each is a session of its user
/// as any other, so it is listed, and ends with a new password or where the user ends it; its
/// secret is in memory only: a restart ends it too. When a session has ended its views are closed
/// as soon as the event comes, and its secret is forgotten. Anybody else, for whatever reason,
/// hears `invalid credentials`, by which the UI shows its form.
///
/// One shard, that of `server`. Life-cycle: construct, `start()`, after `server.close_all`
/// `stop()`, destroy.
class AdminNamespace {
 public:
  AdminNamespace(boost::asio::any_io_executor executor, socketio_server::Server& server,
                 const AdminServices& services, AdminOptions options);

  void start();
  base::Task<void> stop();

 private:
  enum class By { token, password };
  /// Until when a socket may stay, and by which session.
  struct Right {
    By by;
    base::Time until;
    domain::SessionId session;
    std::string new_session_id;  ///< to be told, where it was made by this handshake
  };
  /// What a secret is good for.
  struct SignIn {
    base::Time until;
    domain::SessionId session;
  };

  void admit(const socketio_server::Admission& admission);
  std::optional<Right> by_token(const std::string& token) const;
  std::optional<Right> by_session(const std::string& id) const;
  base::Task<void> by_password(socketio_server::Admission admission,
                               ports::PasswordAttempt attempt);
  /// Makes the secret by which the UI comes back.
  Right keep(domain::SessionId session, base::Time until);
  void connected(const socketio_server::SocketPtr& socket);
  /// Any event; only session-revoked matters.
  void heard(const domain::Event& event);
  /// Some events were missed: any sign-in by password may have ended.
  void reconnected();
  base::Task<void> tick_for_ever();
  void tick();
  bool may_stay(const Right& right) const;
  boost::json::object stats();

  socketio_server::Server& server_;
  socketio_server::Namespace& nsp_;
  AdminServices services_;
  AdminOptions options_;
  base::TaskGroup tasks_;
  base::Instant began_;
  std::string server_id_;
  std::map<std::string, SignIn> sessions_;  ///< by secret id
  std::size_t sign_ins_ = 0;
  socketio_server::Counters counted_;
  boost::json::array aggregated_;  ///< what happened between the last two ticks
  std::unique_ptr<ports::Subscription> events_;
};

}  // namespace rubricon::gateway
