/// Sessions that were ended: their sockets are closed at once, and their tokens refused from then
/// on. What was revoked while nobody listened is loaded before anybody is let in.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/services.hpp>

namespace rubricon::gateway {

/// One shard.
class RevocationWatch {
 public:
  RevocationWatch(base::TaskGroup& tasks, Clients& clients, const Services& services,
                  Meters& meters, const Options& options)
      : tasks_(tasks), clients_(clients), services_(services), meters_(meters), options_(options) {}

  /// Loads what may have been missed, again and again until the store can tell; `loaded()` is false
  /// meanwhile.
  void load();
  bool loaded() const { return loaded_; }

  /// Once a tick. A wall clock that was ahead when they were loaded, and is set back, shows
  /// revocations to be recent that looked too old: they are loaded again.
  void look_at_clock();

  /// Any event; only session-revoked matters.
  void heard(const domain::Event& event);

 private:
  base::Task<void> load_until_done();
  /// How far the wall clock is from the monotonic one.
  base::Milliseconds clock_offset() const;

  base::TaskGroup& tasks_;
  Clients& clients_;
  Services services_;
  Meters& meters_;
  const Options& options_;
  bool loaded_ = false;
  bool loading_ = false;
  bool again_ = false;                  ///< asked for while loading
  base::Milliseconds loaded_offset_{};  ///< when the loading began
};

}  // namespace rubricon::gateway
