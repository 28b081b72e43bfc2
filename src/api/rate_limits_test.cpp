#include <rubricon/api/rate_limits.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/rate_buckets.hpp>
#include <rubricon/ports/contract/run_task.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* lin = "lin@example.org";

class RateLimitsTest : public testing::Test {
 protected:
  memory::ManualClock clock;
  base::Result<void> done(base::Task<base::Result<void>> task) {
    return ports::contract::run_task(io, std::move(task));
  }

  boost::asio::io_context io;
  memory::RateBuckets buckets{clock};
  RateLimits limits{{}, buckets, clock};
};

TEST_F(RateLimitsTest, MessagesComeInBurstsOfFortyAndTwentyASecond) {
  const domain::UserId user(base::Uuid::v7(1, {1})), other(base::Uuid::v7(1, {2}));
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(done(limits.message(user)));
  EXPECT_EQ(done(limits.message(user)).error().code, base::ErrorCode::rate_limited);
  EXPECT_TRUE(done(limits.message(other)));
  clock.advance(seconds(1));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(done(limits.message(user)));
  EXPECT_FALSE(done(limits.message(user)));
}

TEST_F(RateLimitsTest, GuessingFromOneNetworkIsSlowedDown) {
  // As many at once as one after another: each counts before anybody has looked at it.
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limits.login("192.0.2.1", lin));
  EXPECT_FALSE(limits.login("192.0.2.1", lin));
  EXPECT_TRUE(limits.login("192.0.2.1", "wang@example.org"));
  EXPECT_TRUE(limits.login("192.0.2.2", lin));
  clock.advance(seconds(31));
  EXPECT_TRUE(limits.login("192.0.2.1", lin));
}

// S33: throttling without lock-out. A thousand addresses fail, the owner signs in from a new one.
TEST_F(RateLimitsTest, NobodyIsLockedOutByTheFailuresOfOthers) {
  for (int i = 0; i < 1000; ++i) {
    const auto address = "198.51." + std::to_string(i / 250) + "." + std::to_string(i % 250);
    EXPECT_TRUE(limits.login(address, lin)) << "the first guess of each network";
  }
  EXPECT_FALSE(limits.login("198.51.0.1", lin)) << "no second guess while under attack";
  EXPECT_TRUE(limits.login("203.0.113.9", lin)) << "the owner";
  clock.advance(minutes(60));
  EXPECT_TRUE(limits.login("198.51.0.1", lin));
}

TEST_F(RateLimitsTest, ASuccessForgivesEarlierTypingErrors) {
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(limits.login("192.0.2.1", lin));
  limits.right(limits.login("192.0.2.1", lin).value());
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limits.login("192.0.2.1", lin));
  EXPECT_FALSE(limits.login("192.0.2.1", lin));
}

TEST_F(RateLimitsTest, AGuessThatNobodyCouldJudgeIsNone) {
  for (int i = 0; i < 100; ++i) limits.undecided(limits.login("192.0.2.1", lin).value());
  EXPECT_TRUE(limits.login("192.0.2.1", lin));
}

TEST_F(RateLimitsTest, RegistrationsAndSignInsAreBoundedByNetwork) {
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(done(limits.registration("192.0.2.1")));
  EXPECT_FALSE(done(limits.registration("192.0.2.1")));
  EXPECT_TRUE(done(limits.registration("192.0.2.2")));
  for (int i = 0; i < 120; ++i) EXPECT_TRUE(done(limits.auth("192.0.2.1")));
  EXPECT_FALSE(done(limits.auth("192.0.2.1")));
}

}  // namespace
}  // namespace rubricon::api
