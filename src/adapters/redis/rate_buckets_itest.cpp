#include <rubricon/redis/rate_buckets.hpp>

#include <rubricon/memory/rate_buckets.hpp>
#include <rubricon/ports/contract/rate_limiter_contract.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

class RateBucketsHarness {
 public:
  boost::asio::io_context& io() { return redis_.io(); }
  ports::RateLimiter& limiter() { return limiter_; }
  void advance(base::Milliseconds by) { redis_.advance(by); }

 private:
  LiveRedis redis_;
  memory::RateBuckets local_{redis_.clock()};
  RateBuckets limiter_{redis_.connection(), local_, redis_.metrics()};
};

TEST(RateBuckets, two_processes_share_one_bucket) {
  LiveRedis redis;
  memory::RateBuckets own(redis.clock()), others(redis.clock());
  RateBuckets here(redis.connection(), own, redis.metrics());
  RateBuckets there(redis.connection(), others, redis.metrics());
  const ports::Rate rate{.burst = 2, .per_second = 0.01};
  const auto soon = redis.within(base::Milliseconds(8'000));
  EXPECT_EQ(redis.run(here.take("a", rate, soon)).count(), 0);
  EXPECT_EQ(redis.run(there.take("a", rate, soon)).count(), 0);
  EXPECT_GT(redis.run(here.take("a", rate, soon)).count(), 0);
  EXPECT_GT(redis.run(there.take("a", rate, soon)).count(), 0);
  EXPECT_EQ(own.size() + others.size(), 0u) << "nobody counted alone";
}

}  // namespace
}  // namespace rubricon::redis

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, RateLimiterContract, redis::RateBucketsHarness);
}  // namespace rubricon::ports::contract
