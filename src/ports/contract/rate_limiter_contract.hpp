/// What every RateLimiter must do. The harness has `io()`, `limiter()` and `advance(Milliseconds)`.
/// Time may pass by itself, too, but less than 10 s a test.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/ports/rate_limiter.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports::contract {

template <typename Harness>
class RateLimiterContract : public ::testing::Test {
 protected:
  base::Milliseconds take(const std::string& key) {
    return run_task(harness.io(), harness.limiter().take(key, slow, soon));
  }

  const base::Deadline soon = base::Deadline::at(base::Instant::max());
  /// One a minute, two at once.
  const Rate slow{.burst = 2, .per_second = 1.0 / 60};
  Harness harness;
};
TYPED_TEST_SUITE_P(RateLimiterContract);

TYPED_TEST_P(RateLimiterContract, grants_the_burst_then_says_how_long_to_wait) {
  EXPECT_EQ(this->take("a").count(), 0);
  EXPECT_EQ(this->take("a").count(), 0);
  const auto wait = this->take("a");
  EXPECT_GT(wait.count(), 50'000);
  EXPECT_LE(wait.count(), 60'000);
  EXPECT_EQ(this->take("b").count(), 0) << "another key is another bucket";
}

TYPED_TEST_P(RateLimiterContract, refills_with_time_and_never_over_the_burst) {
  for (int n = 0; n < 3; ++n) this->take("a");
  this->harness.advance(base::Milliseconds(60'000));
  EXPECT_EQ(this->take("a").count(), 0);
  EXPECT_GT(this->take("a").count(), 0);
  this->harness.advance(base::Milliseconds(3'600'000));
  EXPECT_EQ(this->take("a").count(), 0);
  EXPECT_EQ(this->take("a").count(), 0);
  EXPECT_GT(this->take("a").count(), 0);
}

TYPED_TEST_P(RateLimiterContract, a_refusal_takes_nothing) {
  for (int n = 0; n < 2; ++n) this->take("a");
  for (int n = 0; n < 10; ++n) EXPECT_GT(this->take("a").count(), 0);
  this->harness.advance(base::Milliseconds(60'000));
  EXPECT_EQ(this->take("a").count(), 0);
}

REGISTER_TYPED_TEST_SUITE_P(RateLimiterContract, grants_the_burst_then_says_how_long_to_wait,
                            refills_with_time_and_never_over_the_burst, a_refusal_takes_nothing);

}  // namespace rubricon::ports::contract
