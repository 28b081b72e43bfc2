#include <rubricon/worker/retry_budget.hpp>

#include <gtest/gtest.h>

namespace rubricon::worker {
namespace {

using namespace std::chrono_literals;

int taken(RetryBudget& budget, base::Instant now) {
  int count = 0;
  while (budget.take(now)) ++count;
  return count;
}

TEST(RetryBudgetTest, three_are_free_and_come_back_with_time) {
  RetryBudget budget;
  base::Instant now{1h};
  EXPECT_EQ(taken(budget, now), 3);
  EXPECT_EQ(taken(budget, now + 9s), 0);
  EXPECT_EQ(taken(budget, now + 10s), 3);
}

TEST(RetryBudgetTest, a_fifth_of_the_calls_of_the_last_ten_seconds) {
  RetryBudget budget;
  base::Instant now{1h};
  for (int n = 0; n < 100; ++n) budget.called(now);
  EXPECT_EQ(taken(budget, now), 20);
  for (int n = 0; n < 50; ++n) budget.called(now + 5s);
  EXPECT_EQ(taken(budget, now + 5s), 10);
  EXPECT_EQ(taken(budget, now + 10s), 0) << "50 calls allow ten, which were taken";
}

}  // namespace
}  // namespace rubricon::worker
