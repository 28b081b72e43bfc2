#include <rubricon/crypto/system_clock.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace rubricon::crypto {
namespace {

TEST(SystemClock, TellsUtcInMillisecondsAndNeverGoesBack) {
  const SystemClock clock;
  const auto first = clock.monotonic();
  EXPECT_GT(clock.now(), *base::parse_time("2025-01-01T00:00:00.000Z"));
  EXPECT_GE(clock.monotonic(), first);
}

#ifdef RUBRICON_FAILPOINTS
TEST(SystemClock, is_as_wrong_as_the_file_says) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "rubricon_clock_error";
  std::ofstream(file) << -3'600'000;
  follow_clock_error(file.string());
  const SystemClock clock;
  const auto behind = clock.now();
  std::filesystem::remove(file);
  follow_clock_error("");
  EXPECT_GE(clock.now() - behind, std::chrono::hours(1));
}
#endif

}  // namespace
}  // namespace rubricon::crypto
