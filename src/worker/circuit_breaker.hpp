/// Stops asking a model that does not answer, so that nobody waits for it, and asks again by
/// itself. After Nygard, "Release It!", and resilience4j's time-based window; the figures are made
/// for a school, where a hundred calls before the first verdict would never come.
#pragma once

#include <rubricon/base/time.hpp>

#include <cstdint>
#include <deque>
#include <optional>

namespace rubricon::worker {

struct BreakerOptions {
  base::Milliseconds window{60'000};
  std::size_t calls_min = 5;  ///< in the window, before it may open
  int failed_percent = 50;
  int slow_percent = 80;
  base::Milliseconds slow{10'000};  ///< a first token that took this long
  base::Milliseconds open_min{15'000};
  base::Milliseconds open_max{300'000};  ///< doubled up to this while trials fail
  int trials = 2;                        ///< calls at a time while half-open; all must succeed
  std::size_t calls_max = 1'000;         ///< that are remembered
};

enum class BreakerState { closed, half_open, open };
const char* to_string(BreakerState state) noexcept;

/// Of one endpoint and model. Pure: the caller says what time it is. Not synchronised.
class CircuitBreaker {
 public:
  enum class Verdict {
    answered,
    failed,
    /// It says that we ask too often: not its failure, nor a proof that it is well.
    throttled,
    /// Refused for what was asked, or given up by us: says nothing about the model.
    unjudged,
  };
  /// Of one call; tells the calls of before an opening from those after it.
  class Permit {
    friend class CircuitBreaker;
    explicit Permit(std::uint64_t of) : era(of) {}
    std::uint64_t era;
  };

  explicit CircuitBreaker(BreakerOptions options = {}) : options_(options) {}

  /// nullopt: do not ask now. Each permit must be reported once.
  std::optional<Permit> admit(base::Instant now);
  /// `first_token`: how long it took; the whole call where none came.
  void report(Permit permit, Verdict verdict, base::Instant::duration first_token,
              base::Instant now);
  /// Nobody asks before `until` (Retry-After). Never shortens a pause, and is no opening.
  void pause(base::Instant until);

  BreakerState state(base::Instant now) const;
  /// When it is worth while to ask again; `now` or before where it is now.
  base::Instant asks_again() const;
  std::uint64_t openings() const { return openings_; }

 private:
  struct Call {
    base::Instant at;
    bool failed;
    bool slow;
  };

  void judge(Call call);
  bool bad() const;
  void open(base::Instant now);
  void close();

  BreakerOptions options_;
  std::deque<Call> calls_;
  std::size_t failed_ = 0;
  std::size_t slow_ = 0;
  std::uint64_t era_ = 0;  ///< grows whenever it opens, becomes half-open, or closes
  std::uint64_t openings_ = 0;
  bool tripped_ = false;
  base::Instant open_until_{};
  base::Instant paused_until_{};
  base::Milliseconds open_for_{};
  int on_trial_ = 0;
  int trials_passed_ = 0;
};

}  // namespace rubricon::worker
