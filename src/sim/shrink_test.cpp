#include <rubricon/sim/shrink.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace rubricon::sim {
namespace {

/// A script with a fault, some chats and devices, and many acts.
Script large() {
  for (std::uint64_t seed = 1;; ++seed) {
    auto script = draw_script(seed);
    if (script.faults.size() > 3 && script.devices.size() > 2 && script.acts.size() > 20) {
      return script;
    }
  }
}

TEST(Shrink, finds_the_two_parts_that_matter) {
  const auto script = large();
  const auto& fault = script.faults[1];
  const auto& act = *std::ranges::find(script.acts, ActKind::writes, &Act::kind);
  const auto shrunk = shrink(
      script,
      [&](const Script& smaller) {
        return std::ranges::find(smaller.faults, fault.from, &Fault::from) !=
                   smaller.faults.end() &&
               std::ranges::find_if(smaller.acts, [&](const Act& other) {
                 return other.kind == ActKind::writes && other.device == act.device &&
                        other.chat == act.chat && other.number == act.number;
               }) != smaller.acts.end();
      },
      1'000);
  const auto smallest = only(script, shrunk.parts);
  EXPECT_EQ(smallest.faults.size(), 1u);
  EXPECT_EQ(smallest.acts.size(), 1u);
  // The device that writes and the chat in which it does cannot go either.
  EXPECT_EQ(shrunk.parts.size(), 4u);
  EXPECT_LT(shrunk.runs, 200u);
}

TEST(Shrink, comes_down_to_nothing_where_the_system_breaks_by_itself) {
  const auto shrunk = shrink(large(), [](const Script&) { return true; }, 1'000);
  EXPECT_TRUE(shrunk.parts.empty());
}

TEST(Shrink, keeps_everything_where_every_part_matters) {
  const auto script = large();
  const auto shrunk = shrink(script, [](const Script&) { return false; }, 10'000);
  EXPECT_EQ(shrunk.parts, all_parts(script));
}

TEST(Shrink, ends_when_it_has_run_often_enough_with_what_is_still_broken) {
  const auto script = large();
  std::size_t asked = 0;
  const auto broken = [&](const Script& smaller) {
    ++asked;
    return smaller.acts.size() >= 15;
  };
  const auto shrunk = shrink(script, broken, 7);
  EXPECT_EQ(shrunk.runs, 7u);
  EXPECT_EQ(asked, 7u);
  EXPECT_GE(only(script, shrunk.parts).acts.size(), 15u);
}

}  // namespace
}  // namespace rubricon::sim
