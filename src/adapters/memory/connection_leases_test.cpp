#include <rubricon/memory/connection_leases.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/contract/connection_limiter_contract.hpp>

namespace rubricon::memory {
namespace {

class ConnectionLeasesHarness {
 public:
  boost::asio::io_context& io() { return io_; }
  ports::ConnectionLimiter& limiter() { return limiter_; }
  void advance(base::Milliseconds by) { clock_.advance(by); }

 private:
  boost::asio::io_context io_;
  ManualClock clock_;
  ConnectionLeases limiter_{clock_};
};

TEST(ConnectionLeases, forgets_keys_that_nobody_asks_about) {
  boost::asio::io_context io;
  ManualClock clock;
  ConnectionLeases limiter(clock);
  const auto soon = base::Deadline::at(base::Instant::max());
  for (int n = 0; n < 10; ++n) {
    ports::contract::run_task(io, limiter.enter(std::to_string(n), "c", 1, soon));
  }
  EXPECT_EQ(limiter.size(), 10u);
  clock.advance(base::Milliseconds(61'000));
  ports::contract::run_task(io, limiter.enter("new", "c", 1, soon));
  EXPECT_EQ(limiter.size(), 1u);
}

}  // namespace
}  // namespace rubricon::memory

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ConnectionLimiterContract, memory::ConnectionLeasesHarness);
}  // namespace rubricon::ports::contract
