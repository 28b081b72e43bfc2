/// A clock that stands still until a test moves it.
#pragma once

#include <rubricon/ports/clock.hpp>

#include <atomic>

namespace rubricon::memory {

class ManualClock final : public ports::Clock {
 public:
  explicit ManualClock(base::Time start = base::time_from_unix_ms(1'795'384'115'123))
      : start_(start) {}

  base::Time now() const override {
    return start_ + base::Milliseconds(elapsed_ms_.load() + moved_ms_.load());
  }
  base::Instant monotonic() const override {
    return base::Instant() + base::Milliseconds(elapsed_ms_.load());
  }
  void advance(base::Milliseconds by) { elapsed_ms_ += by.count(); }
  /// Sets the wall clock, forwards or back; monotonic time knows nothing of it.
  void move_wall(base::Milliseconds by) { moved_ms_ += by.count(); }

 private:
  base::Time start_;
  std::atomic<std::int64_t> elapsed_ms_{0};
  std::atomic<std::int64_t> moved_ms_{0};
};

}  // namespace rubricon::memory
