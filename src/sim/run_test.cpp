// tests: world.cpp furnish.cpp workload.cpp process.cpp servers.cpp network.cpp wire.cpp broker.cpp
// tests: device.cpp chat_sync.cpp send_queue.cpp socket_client.cpp recorder.cpp loop.cpp
// tests: scripted_ai.cpp identities.cpp plan.cpp bug_ports.cpp
#include <rubricon/sim/run.hpp>

#include <gtest/gtest.h>

namespace rubricon::sim {
namespace {

TEST(Simulation, the_same_seed_is_the_same_run) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const auto first = run(seed);
    const auto second = run(seed);
    EXPECT_EQ(first.trace_hash, second.trace_hash) << "seed " << seed;
    EXPECT_GT(first.events_applied, 0u);
  }
  EXPECT_NE(run(1).trace_hash, run(2).trace_hash);
}

TEST(Simulation, many_messages_are_written_and_seen) {
  std::size_t messages = 0, applied = 0, faults = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto outcome = run(seed);
    EXPECT_TRUE(outcome.violations.empty()) << to_text(seed, outcome, "sim --seed");
    messages += outcome.messages;
    applied += outcome.events_applied;
    faults += outcome.plan.size();
  }
  EXPECT_GT(messages, 100u);
  EXPECT_GT(applied, 400u);
  EXPECT_GT(faults, 10u);
}

}  // namespace
}  // namespace rubricon::sim
