#include <rubricon/postgres/lag_meter.hpp>

#include <gtest/gtest.h>

namespace rubricon::postgres {
namespace {

using namespace std::chrono_literals;

base::Instant at(base::Milliseconds time) {
  return base::Instant() + time;
}

TEST(LagMeter, counts_from_when_the_primary_had_what_the_replica_has_not) {
  LagMeter meter;
  EXPECT_EQ(meter.lag(at(5s), WalPlace{0}), 0ms) << "nothing is known";
  meter.primary_at(at(1s), WalPlace{100});
  meter.primary_at(at(2s), WalPlace{200});
  meter.primary_at(at(3s), WalPlace{300});
  EXPECT_EQ(meter.lag(at(3s), WalPlace{300}), 0ms);
  EXPECT_EQ(meter.lag(at(3s), WalPlace{400}), 0ms);
  EXPECT_EQ(meter.lag(at(4s), WalPlace{299}), 1s);
  EXPECT_EQ(meter.lag(at(4s), WalPlace{199}), 2s);
  EXPECT_EQ(meter.lag(at(4s), WalPlace{0}), 3s);
}

TEST(LagMeter, an_idle_primary_makes_nobody_late) {
  LagMeter meter;
  for (int second = 1; second < 500; ++second) {
    meter.primary_at(at(std::chrono::seconds(second)), WalPlace{100});
  }
  EXPECT_EQ(meter.lag(at(500s), WalPlace{100}), 0ms);
  EXPECT_EQ(meter.lag(at(500s), WalPlace{99}), 499s);
}

TEST(LagMeter, a_replica_that_stands_still_is_later_and_later_within_bounds) {
  LagMeter meter;
  for (int second = 1; second <= 1'000; ++second) {
    meter.primary_at(at(std::chrono::seconds(second)), static_cast<WalPlace>(second));
  }
  EXPECT_EQ(meter.lag(at(1'000s), WalPlace{0}), 119s) << "older samples are forgotten";
  EXPECT_EQ(meter.lag(at(1'000s), WalPlace{990}), 9s);
}

}  // namespace
}  // namespace rubricon::postgres
