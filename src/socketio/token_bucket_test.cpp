#include <rubricon/socketio/token_bucket.hpp>

#include <gtest/gtest.h>

namespace rubricon::socketio {
namespace {

using std::chrono::milliseconds;
const base::Instant start{};

TEST(TokenBucket, allows_the_burst_and_then_the_rate) {
  const Rate rate{.per_second = 10, .burst = 3};
  TokenBucket bucket(start);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(rate, start));
  EXPECT_FALSE(bucket.take(rate, start));
  EXPECT_TRUE(bucket.take(rate, start + milliseconds(101)));
  EXPECT_FALSE(bucket.take(rate, start + milliseconds(102)));
}

TEST(TokenBucket, holds_no_more_than_the_burst) {
  const Rate rate{.per_second = 10, .burst = 2};
  TokenBucket bucket(start);
  const auto later = start + std::chrono::hours(1);
  EXPECT_TRUE(bucket.take(rate, later));
  EXPECT_TRUE(bucket.take(rate, later));
  EXPECT_FALSE(bucket.take(rate, later));
}

TEST(TokenBucket, of_rate_zero_has_no_limit) {
  TokenBucket bucket(start);
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(bucket.take({}, start));
}

}  // namespace
}  // namespace rubricon::socketio
