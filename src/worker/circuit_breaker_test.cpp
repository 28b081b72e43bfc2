#include <rubricon/worker/circuit_breaker.hpp>

#include <gtest/gtest.h>

namespace rubricon::worker {
namespace {

using namespace std::chrono_literals;
using Verdict = CircuitBreaker::Verdict;

class CircuitBreakerTest : public ::testing::Test {
 protected:
  /// False where it was not admitted.
  bool call(Verdict verdict, base::Instant::duration took = 100ms) {
    const auto permit = breaker.admit(now);
    if (!permit) return false;
    breaker.report(*permit, verdict, took, now);
    return true;
  }
  void calls(int count, Verdict verdict, base::Instant::duration took = 100ms) {
    for (int n = 0; n < count; ++n) ASSERT_TRUE(call(verdict, took)) << n;
  }
  BreakerState state() const { return breaker.state(now); }

  base::Instant now{1h};
  CircuitBreaker breaker;
};

TEST_F(CircuitBreakerTest, opens_at_the_fifth_failure_and_not_before) {
  calls(4, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::closed);
  calls(1, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::open);
  EXPECT_FALSE(call(Verdict::answered));
  EXPECT_EQ(breaker.asks_again(), now + 15s);
}

TEST_F(CircuitBreakerTest, opens_when_half_of_the_window_failed) {
  calls(6, Verdict::answered);
  calls(5, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::closed) << "5 of 11";
  calls(1, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::open) << "6 of 12";
}

TEST_F(CircuitBreakerTest, opens_when_four_in_five_were_slow) {
  calls(1, Verdict::answered);
  calls(3, Verdict::answered, 10s);
  EXPECT_EQ(state(), BreakerState::closed);
  calls(1, Verdict::answered, 10s);
  EXPECT_EQ(state(), BreakerState::open) << "4 of 5";
}

TEST_F(CircuitBreakerTest, what_is_older_than_the_window_is_forgotten) {
  calls(4, Verdict::failed);
  now += 61s;
  calls(4, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::closed);
  calls(1, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::open);
}

TEST_F(CircuitBreakerTest, being_throttled_or_refused_says_nothing_about_the_model) {
  calls(100, Verdict::throttled);
  calls(100, Verdict::unjudged);
  EXPECT_EQ(state(), BreakerState::closed);
  EXPECT_EQ(breaker.openings(), 0u);
}

TEST_F(CircuitBreakerTest, two_trials_at_a_time_and_both_must_succeed) {
  calls(5, Verdict::failed);
  now += 15s;
  EXPECT_EQ(state(), BreakerState::half_open);
  const auto one = breaker.admit(now);
  const auto two = breaker.admit(now);
  ASSERT_TRUE(one && two);
  EXPECT_FALSE(breaker.admit(now)) << "two are on trial";
  breaker.report(*one, Verdict::answered, 1s, now);
  EXPECT_FALSE(breaker.admit(now)) << "one has passed, the other is on trial";
  EXPECT_EQ(state(), BreakerState::half_open);
  breaker.report(*two, Verdict::answered, 1s, now);
  EXPECT_EQ(state(), BreakerState::closed);
}

TEST_F(CircuitBreakerTest, a_trial_that_says_nothing_makes_room_for_another) {
  calls(5, Verdict::failed);
  now += 15s;
  for (int n = 0; n < 10; ++n) EXPECT_TRUE(call(Verdict::unjudged));
  EXPECT_EQ(state(), BreakerState::half_open);
}

TEST_F(CircuitBreakerTest, each_failed_or_slow_trial_doubles_the_pause_up_to_five_minutes) {
  calls(5, Verdict::failed);
  for (const auto pause : {30s, 60s, 120s, 240s, 300s, 300s}) {
    now = breaker.asks_again();
    ASSERT_TRUE(call(pause == 60s ? Verdict::answered : Verdict::failed, pause == 60s ? 11s : 1s));
    EXPECT_EQ(breaker.asks_again(), now + pause);
    EXPECT_EQ(state(), BreakerState::open);
  }
  EXPECT_EQ(breaker.openings(), 7u);
}

TEST_F(CircuitBreakerTest, after_it_closed_it_begins_anew) {
  calls(5, Verdict::failed);
  now = breaker.asks_again();
  calls(2, Verdict::answered);
  calls(4, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::closed) << "the failures of before are forgotten";
  calls(1, Verdict::failed);
  EXPECT_EQ(breaker.asks_again(), now + 15s) << "and so is how long it was open";
}

TEST_F(CircuitBreakerTest, a_call_of_before_the_opening_does_not_count_as_a_trial) {
  const auto late = breaker.admit(now);
  calls(5, Verdict::failed);
  now += 15s;
  breaker.report(*late, Verdict::answered, 15s, now);
  calls(1, Verdict::answered);
  EXPECT_EQ(state(), BreakerState::half_open);
  calls(1, Verdict::answered);
  EXPECT_EQ(state(), BreakerState::closed);
}

TEST_F(CircuitBreakerTest, retry_after_is_honoured_and_opens_nothing) {
  breaker.pause(now + 20s);
  breaker.pause(now + 5s);
  EXPECT_FALSE(breaker.admit(now + 19s));
  EXPECT_EQ(state(), BreakerState::closed);
  now += 20s;
  EXPECT_TRUE(call(Verdict::answered));
}

TEST_F(CircuitBreakerTest, remembers_no_more_calls_than_it_may) {
  breaker = CircuitBreaker({.calls_max = 10});
  calls(10, Verdict::answered);
  for (int n = 0; n < 4; ++n, now += 1ms) calls(1, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::closed);
  calls(1, Verdict::failed);
  EXPECT_EQ(state(), BreakerState::open) << "5 of the last 10";
}

}  // namespace
}  // namespace rubricon::worker
