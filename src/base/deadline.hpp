/// How long a call may take, as the instant at which it must end. Passed by value as the last
/// parameter of every call that leaves the process, handed on and never renewed.
#pragma once

#include <rubricon/base/time.hpp>

namespace rubricon::base {

class Deadline {
 public:
  /// Ends at `instant`.
  static constexpr Deadline at(Instant instant) { return Deadline(instant); }
  /// Ends `duration` after `now`, which the caller reads from its `ports::Clock`.
  static constexpr Deadline after(Instant now, Instant::duration duration) {
    return Deadline(now + duration);
  }

  constexpr Instant instant() const { return instant_; }
  constexpr bool reached(Instant now) const { return now >= instant_; }
  /// Time left, never negative.
  constexpr Instant::duration remaining(Instant now) const {
    return reached(now) ? Instant::duration::zero() : instant_ - now;
  }
  constexpr auto operator<=>(const Deadline&) const = default;

 private:
  constexpr explicit Deadline(Instant instant) : instant_(instant) {}
  Instant instant_;
};

}  // namespace rubricon::base
