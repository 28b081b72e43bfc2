#include <rubricon/crypto/system_clock.hpp>

#include <gtest/gtest.h>

namespace rubricon::crypto {
namespace {

TEST(SystemClock, TellsUtcInMillisecondsAndNeverGoesBack) {
  const SystemClock clock;
  const auto first = clock.monotonic();
  EXPECT_GT(clock.now(), *base::parse_time("2025-01-01T00:00:00.000Z"));
  EXPECT_GE(clock.monotonic(), first);
}

}  // namespace
}  // namespace rubricon::crypto
