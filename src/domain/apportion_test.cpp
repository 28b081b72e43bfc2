#include <rubricon/domain/apportion.hpp>

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace rubricon::domain {
namespace {

using Parts = std::vector<std::int64_t>;

TEST(Apportion, gives_the_rest_to_the_largest_remainders) {
  EXPECT_EQ(apportion(100, Parts{1, 1, 1}, 1), (Parts{34, 33, 33}));
  EXPECT_EQ(apportion(70, Parts{25, 20, 15, 15}, 1), (Parts{23, 19, 14, 14}));
  EXPECT_EQ(apportion(100, Parts{1, 1, 1}, 50), (Parts{50, 50, 0}));
}

TEST(Apportion, treats_no_information_as_equal) {
  EXPECT_EQ(apportion(10, Parts{0, 0}, 1), (Parts{5, 5}));
  EXPECT_EQ(apportion(10, Parts{}, 1), Parts{});
  EXPECT_EQ(apportion(0, Parts{3, 4}, 1), (Parts{0, 0}));
}

TEST(Apportion, always_sums_to_the_total_and_stays_within_one_unit_of_fair) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Parts shares(1 + random() % 50);
    for (auto& share : shares) share = random() % 10'000;
    const std::int64_t unit = std::array{1, 50, 100}[random() % 3];
    const std::int64_t total = static_cast<std::int64_t>(random() % 10'000) * unit;
    const auto parts = apportion(total, shares, unit);
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), total);
    const auto sum = std::accumulate(shares.begin(), shares.end(), std::int64_t{0});
    for (std::size_t i = 0; sum > 0 && i < parts.size(); ++i) {
      EXPECT_EQ(parts[i] % unit, 0);
      EXPECT_LT(std::abs(parts[i] * sum - total * shares[i]), unit * sum);
    }
  }
}

}  // namespace
}  // namespace rubricon::domain
