/// Which sessions have ended: hears it, and reads what nobody heard, so that a process knows of
/// every revocation before it believes a token, and of later ones while the broker is away.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/ports/token_authority.hpp>

#include <functional>
#include <optional>
#include <unordered_set>

namespace rubricon::revocation {

/// All outlive the watch.
struct Services {
  ports::RevocationLog& sessions;
  ports::Revocations& revocations;  ///< is told of each
  const ports::Clock& clock;
  observability::Log& log;
};

struct Options {
  base::Milliseconds store_timeout{5'000};
  base::Milliseconds retry_min{100};  ///< doubling
  base::Milliseconds retry_max{5'000};
};

using Sessions = std::unordered_set<domain::SessionId>;

struct Hooks {
  /// Called for sessions that have ended, for those of one user where `user` is known. May be
  /// empty.
  std::function<void(const Sessions& ended, std::optional<domain::UserId> user)> ended;
  /// The store could not tell; it is asked again. May be empty.
  std::function<void()> store_failed;
};

/// One shard.
class RevocationWatch {
 public:
  /// `tasks` outlives the watch and is stopped before it is destroyed.
  RevocationWatch(base::TaskGroup& tasks, const Services& services, Hooks hooks,
                  Options options = {})
      : tasks_(tasks), services_(services), hooks_(std::move(hooks)), options_(options) {}

  /// Loads what may have been missed, again and again until the store can tell; `loaded()` is false
  /// meanwhile. At the start, and whenever the connection to the broker was lost.
  void load();
  bool loaded() const { return loaded_; }

  /// Once a second or so, which bounds what a session lives on for when its end is not heard: the
  /// store is asked for the newest. A wall clock that was ahead when they were loaded, and is set
  /// back, shows revocations to be recent that looked too old: all are loaded again.
  void look();

  /// Any event; only session-revoked matters.
  void heard(const domain::Event& event);

 private:
  base::Task<void> load_until_done();
  base::Task<void> load_once();
  base::Task<void> look_for_unheard();
  void tell(const Sessions& ended, std::optional<domain::UserId> user);
  /// How far the wall clock is from the monotonic one.
  base::Milliseconds clock_offset() const;

  base::TaskGroup& tasks_;
  Services services_;
  Hooks hooks_;
  Options options_;
  bool loaded_ = false;
  bool loading_ = false;
  bool looking_ = false;
  bool again_ = false;                  ///< asked for while loading
  base::Milliseconds loaded_offset_{};  ///< when the loading began
};

}  // namespace rubricon::revocation
