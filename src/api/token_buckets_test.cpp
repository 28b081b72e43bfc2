#include <rubricon/api/token_buckets.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rubricon::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(TokenBuckets, LetABurstThroughAndThenTheRate) {
  TokenBuckets<std::string> buckets({.burst = 3, .per_second = 0.5});
  base::Instant now{};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.take("a", now), std::nullopt);
  EXPECT_EQ(buckets.take("a", now), seconds(2));
  EXPECT_EQ(buckets.take("b", now), std::nullopt);  // another key, another allowance
  now += seconds(1);
  EXPECT_EQ(buckets.take("a", now), seconds(1));
  now += milliseconds(1001);
  EXPECT_EQ(buckets.take("a", now), std::nullopt);
  now += seconds(1000);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.take("a", now), std::nullopt);
  EXPECT_NE(buckets.take("a", now), std::nullopt);  // never more than the burst
}

TEST(TokenBuckets, TellWhetherAKeyIsFreshAndForgetOnRequest) {
  TokenBuckets<std::string> buckets({.burst = 2, .per_second = 1});
  const base::Instant now{};
  EXPECT_TRUE(buckets.full("a", now));
  (void)buckets.take("a", now);
  EXPECT_FALSE(buckets.full("a", now));
  EXPECT_EQ(buckets.blocked("a", now), std::nullopt);
  (void)buckets.take("a", now);
  EXPECT_NE(buckets.blocked("a", now), std::nullopt);
  buckets.reset("a");
  EXPECT_TRUE(buckets.full("a", now));
}

TEST(TokenBuckets, StayBoundedAndRememberWhoIsBusy) {
  TokenBuckets<int> buckets({.burst = 1, .per_second = 0.001}, 100);
  const base::Instant now{};
  (void)buckets.take(-1, now);
  for (int i = 0; i < 100'000; ++i) {
    (void)buckets.take(i, now);
    ASSERT_NE(buckets.take(-1, now), std::nullopt) << i;
    ASSERT_LE(buckets.size(), 103u);
  }
}

}  // namespace
}  // namespace rubricon::api
