#include <rubricon/worker/circuit_breaker.hpp>

#include <algorithm>

namespace rubricon::worker {

const char* to_string(BreakerState state) noexcept {
  switch (state) {
    case BreakerState::closed: return "closed";
    case BreakerState::half_open: return "half_open";
    case BreakerState::open: break;
  }
  return "open";
}

std::optional<CircuitBreaker::Permit> CircuitBreaker::admit(base::Instant now) {
  if (now < paused_until_) return std::nullopt;
  if (!tripped_) return Permit(era_);
  if (now < open_until_ || on_trial_ + trials_passed_ >= options_.trials) return std::nullopt;
  ++on_trial_;
  return Permit(era_);
}

void CircuitBreaker::report(Permit permit, Verdict verdict, base::Instant::duration first_token,
                            base::Instant now) {
  if (permit.era != era_) return;  // of before an opening, which has been judged
  const bool judged = verdict == Verdict::answered || verdict == Verdict::failed;
  const bool failed = verdict == Verdict::failed;
  if (tripped_) {
    --on_trial_;
    if (!judged) return;
    if (failed || first_token >= options_.slow) return open(now);
    if (++trials_passed_ >= options_.trials) close();
    return;
  }
  if (!judged) return;
  judge({.at = now, .failed = failed, .slow = first_token >= options_.slow});
  if (bad()) open(now);
}

void CircuitBreaker::pause(base::Instant until) {
  paused_until_ = std::max(paused_until_, until);
}

BreakerState CircuitBreaker::state(base::Instant now) const {
  if (!tripped_) return BreakerState::closed;
  return now < open_until_ ? BreakerState::open : BreakerState::half_open;
}

base::Instant CircuitBreaker::asks_again() const {
  return tripped_ ? std::max(open_until_, paused_until_) : paused_until_;
}

void CircuitBreaker::judge(Call call) {
  while (!calls_.empty() &&
         (calls_.front().at < call.at - options_.window || calls_.size() >= options_.calls_max)) {
    if (calls_.front().failed) --failed_;
    if (calls_.front().slow) --slow_;
    calls_.pop_front();
  }
  calls_.push_back(call);
  if (call.failed) ++failed_;
  if (call.slow) ++slow_;
}

bool CircuitBreaker::bad() const {
  const auto at_least = [this](std::size_t part, int percent) {
    return part * 100 >= calls_.size() * static_cast<std::size_t>(percent);
  };
  return calls_.size() >= options_.calls_min &&
         (at_least(failed_, options_.failed_percent) || at_least(slow_, options_.slow_percent));
}

void CircuitBreaker::open(base::Instant now) {
  open_for_ = tripped_ ? std::min(open_for_ * 2, options_.open_max) : options_.open_min;
  tripped_ = true;
  open_until_ = now + open_for_;
  ++openings_;
  ++era_;
  on_trial_ = trials_passed_ = 0;
  calls_.clear();
  failed_ = slow_ = 0;
}

void CircuitBreaker::close() {
  tripped_ = false;
  ++era_;
  on_trial_ = trials_passed_ = 0;
}

}  // namespace rubricon::worker
