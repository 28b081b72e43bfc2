/// Bounds how much retries may add to the calls: a service that is in trouble is not helped by
/// several times the load. After Finagle's and Envoy's retry budgets.
#pragma once

#include <rubricon/base/time.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>

namespace rubricon::worker {

/// Pure: the caller says what time it is. Not synchronised. Bounded by the calls of one window.
class RetryBudget {
 public:
  struct Options {
    base::Milliseconds window{10'000};
    std::size_t percent = 20;  ///< of the window's calls
    std::size_t min = 3;       ///< retries that are free in each window
  };

  RetryBudget() : RetryBudget(Options()) {}
  explicit RetryBudget(Options options) : options_(options) {}

  void called(base::Instant now) {
    forget(calls_, now);
    calls_.push_back(now);
  }
  /// Takes one from the budget; false where there is none.
  bool take(base::Instant now) {
    forget(calls_, now);
    forget(retries_, now);
    const auto allowed = std::max(options_.min, calls_.size() * options_.percent / 100);
    if (retries_.size() >= allowed) return false;
    retries_.push_back(now);
    return true;
  }

 private:
  void forget(std::deque<base::Instant>& all, base::Instant now) const {
    while (!all.empty() && all.front() <= now - options_.window) all.pop_front();
  }

  Options options_;
  std::deque<base::Instant> calls_;
  std::deque<base::Instant> retries_;
};

}  // namespace rubricon::worker
