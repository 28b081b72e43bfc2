#include <rubricon/gateway/token_bucket.hpp>

#include <gtest/gtest.h>

namespace rubricon::gateway {
namespace {

using namespace std::chrono_literals;

TEST(TokenBucket, allows_a_burst_and_then_the_rate) {
  base::Instant now{};
  TokenBucket bucket(20, 40, now);
  for (int n = 0; n < 40; ++n) EXPECT_TRUE(bucket.take(now)) << n;
  EXPECT_FALSE(bucket.take(now));
  now += 50ms;
  EXPECT_TRUE(bucket.take(now));
  EXPECT_FALSE(bucket.take(now));
  EXPECT_FALSE(bucket.full(now));
  now += 10s;
  EXPECT_TRUE(bucket.full(now));
  for (int n = 0; n < 40; ++n) EXPECT_TRUE(bucket.take(now)) << n;
  EXPECT_FALSE(bucket.take(now)) << "idle time gives no more than the burst";
}

}  // namespace
}  // namespace rubricon::gateway
