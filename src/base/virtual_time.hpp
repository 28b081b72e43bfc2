/// Time that moves only when it is told to. Installed on a thread, it replaces the waiting of every
/// `Timer` of that thread, so that a simulation lives through hours in a second, the same way each
/// time.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace rubricon::base {

/// One thread: every call from the thread that constructed it.
class VirtualTime {
 public:
  /// Due time, then order of setting: alarms of one instant ring in the order they were set.
  using AlarmId = std::pair<Instant, std::uint64_t>;

  /// Installs itself on this thread, which must have none yet.
  explicit VirtualTime(Instant start);
  /// Uninstalls. Alarms that have not rung never will.
  ~VirtualTime();
  VirtualTime(const VirtualTime&) = delete;
  VirtualTime& operator=(const VirtualTime&) = delete;

  /// This thread's, or null where time is real.
  static VirtualTime* current() { return current_; }

  Instant now() const { return now_; }
  /// When the next alarm rings.
  std::optional<Instant> next() const;
  /// Moves on to `instant`, ringing what is due on the way, each at its own time.
  void advance_to(Instant instant);

  AlarmId set(Instant due, std::function<void()> ring);
  /// Unknown ids, such as those of alarms that rang, are ignored.
  void clear(AlarmId alarm);

 private:
  static thread_local constinit VirtualTime* current_;

  Instant now_;
  std::uint64_t alarms_set_ = 0;
  std::map<AlarmId, std::function<void()>> alarms_;
};

}  // namespace rubricon::base
