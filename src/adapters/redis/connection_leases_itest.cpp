#include <rubricon/redis/connection_leases.hpp>

#include <rubricon/memory/connection_leases.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/connection_limiter_contract.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

class ConnectionLeasesHarness {
 public:
  boost::asio::io_context& io() { return redis_.io(); }
  ports::ConnectionLimiter& limiter() { return limiter_; }
  void advance(base::Milliseconds by) {
    clock_.advance(by);
    redis_.advance(by);
  }

 private:
  LiveRedis redis_;
  memory::ManualClock clock_;
  memory::ConnectionLeases local_{clock_};
  ConnectionLeases limiter_{redis_.connection(), local_, redis_.metrics()};
};

TEST(ConnectionLeases, connections_to_two_gateways_count_together) {
  LiveRedis redis;
  memory::ConnectionLeases own(redis.clock()), others(redis.clock());
  ConnectionLeases here(redis.connection(), own, redis.metrics());
  ConnectionLeases there(redis.connection(), others, redis.metrics());
  const auto soon = redis.within(base::Milliseconds(8'000));
  EXPECT_TRUE(redis.run(here.enter("user:a", "1", 2, soon)));
  EXPECT_TRUE(redis.run(there.enter("user:a", "2", 2, soon)));
  EXPECT_FALSE(redis.run(here.enter("user:a", "3", 2, soon)));
  redis.run(there.leave("user:a", "2", soon));
  EXPECT_TRUE(redis.run(here.enter("user:a", "3", 2, soon)));
  EXPECT_EQ(own.size(), 1u);
  EXPECT_EQ(others.size(), 0u);
}

}  // namespace
}  // namespace rubricon::redis

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, ConnectionLimiterContract, redis::ConnectionLeasesHarness);
}  // namespace rubricon::ports::contract
