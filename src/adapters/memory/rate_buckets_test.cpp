#include <rubricon/memory/rate_buckets.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/rate_limiter_contract.hpp>

namespace rubricon::memory {
namespace {

class RateBucketsHarness {
 public:
  boost::asio::io_context& io() { return io_; }
  ports::RateLimiter& limiter() { return limiter_; }
  void advance(base::Milliseconds by) { clock_.advance(by); }

 private:
  boost::asio::io_context io_;
  ManualClock clock_;
  RateBuckets limiter_{clock_};
};

TEST(RateBuckets, keeps_no_more_keys_than_its_bound) {
  boost::asio::io_context io;
  ManualClock clock;
  RateBuckets limiter(clock, 10);
  const auto soon = base::Deadline::at(base::Instant::max());
  for (int n = 0; n < 100; ++n) {
    const ports::Rate rate{.burst = 1, .per_second = 1};
    ports::contract::run_task(io, limiter.take(std::to_string(n), rate, soon));
  }
  EXPECT_LE(limiter.size(), 12u);
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, RateLimiterContract, memory::RateBucketsHarness);
}  // namespace rubricon::ports::contract
