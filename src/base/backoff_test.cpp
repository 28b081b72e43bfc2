#include <rubricon/base/backoff.hpp>

#include <gtest/gtest.h>

namespace rubricon::base {
namespace {

using namespace std::chrono_literals;

TEST(BackoffTest, waits_longer_each_time_up_to_its_bound_and_begins_anew) {
  Backoff backoff(100ms, 1'000ms, 1);
  for (const auto whole : {100ms, 200ms, 400ms, 800ms, 1'000ms, 1'000ms}) {
    const auto delay = backoff.next();
    EXPECT_GE(delay, whole / 2);
    EXPECT_LE(delay, whole);
  }
  backoff.reset();
  EXPECT_LE(backoff.next(), 100ms);
}

TEST(BackoffTest, two_processes_do_not_come_back_together) {
  Backoff one(1'000ms, 60'000ms, 1), other(1'000ms, 60'000ms, 2);
  int same = 0;
  for (int n = 0; n < 5; ++n) same += one.next() == other.next() ? 1 : 0;
  EXPECT_LT(same, 5);
}

}  // namespace
}  // namespace rubricon::base
