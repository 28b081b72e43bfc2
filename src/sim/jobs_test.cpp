#include <rubricon/sim/jobs.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace rubricon::sim {
namespace {

Totals share_of(unsigned job, const BeginSeed& begin) {
  begin(job + 1);
  return {.seeds = job + 1, .broken = job, .messages = 10, .applied = 100, .recovery = {At(job)}};
}

TEST(Jobs, are_counted_together_however_many_processes_there_are) {
  auto totals = in_processes(3, share_of);
  ASSERT_TRUE(totals);
  std::ranges::sort(totals->recovery);
  EXPECT_EQ(*totals, (Totals{.seeds = 6,
                             .broken = 3,
                             .messages = 30,
                             .applied = 300,
                             .recovery = {At(0), At(1), At(2)}}));
  EXPECT_EQ(in_processes(1, share_of).value(), share_of(0, [](std::uint64_t) {}));
}

TEST(Jobs, may_have_much_to_tell) {
  const auto totals = in_processes(2, [](unsigned, const BeginSeed&) {
    return Totals{.seeds = 1, .recovery = std::vector<At>(50'000, At(12'345))};
  });
  ASSERT_TRUE(totals);
  EXPECT_EQ(totals->recovery.size(), 100'000u);
}

TEST(Jobs, that_crash_leave_the_seed_they_were_in) {
  const auto totals = in_processes(3, [](unsigned job, const BeginSeed& begin) {
    begin(10 + job);
    if (job == 1) begin(99);
    if (job == 1) std::_Exit(3);
    if (job == 2) std::abort();
    return share_of(job, begin);
  });
  ASSERT_FALSE(totals);
  EXPECT_EQ(totals.error(), (Crashed{.seeds = {99, 12}}));
}

TEST(Jobs, that_crash_before_their_first_seed_are_counted) {
  const auto totals = in_processes(2, [](unsigned job, const BeginSeed& begin) {
    if (job == 0) std::_Exit(3);
    return share_of(job, begin);
  });
  ASSERT_FALSE(totals);
  EXPECT_EQ(totals.error(), Crashed{.outside = 1});
}

TEST(Jobs, that_crash_after_they_have_told_all_are_counted) {
  const auto totals = in_processes(1, [](unsigned job, const BeginSeed& begin) {
    // What it has printed goes to nobody, and that ends it.
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0 || ::dup2(ends[1], STDOUT_FILENO) < 0) std::abort();
    ::close(ends[0]);
    std::printf("seed 1 is fine");
    return share_of(job, begin);
  });
  ASSERT_FALSE(totals);
  EXPECT_EQ(totals.error(), Crashed{.outside = 1});
}

TEST(Jobs, are_told_in_a_line) {
  EXPECT_EQ(to_text({.seeds = 2, .messages = 3, .applied = 4, .recovery = {At(2'000), At(500)}}),
            "2 seeds, 0 broken; 3 messages, 4 events applied; level after the last fault: p50 0.5 "
            "s, p99 0.5 s, max 2.0 s\n");
}

}  // namespace
}  // namespace rubricon::sim
