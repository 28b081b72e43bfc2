#include <rubricon/crypto/system_random.hpp>

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace rubricon::crypto {
namespace {

// Not a test of quality, only that bytes are really filled and differ from call to call.
TEST(SystemRandom, NeverRepeatsSixteenBytes) {
  SystemRandom random;
  std::set<std::array<std::uint8_t, 16>> seen;
  for (int i = 0; i < 1000; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    random.fill(bytes);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
}

}  // namespace
}  // namespace rubricon::crypto
