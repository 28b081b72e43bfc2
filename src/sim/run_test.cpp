// tests: world.cpp furnish.cpp workload.cpp process.cpp servers.cpp network.cpp wire.cpp broker.cpp
// tests: device.cpp chat_sync.cpp send_queue.cpp socket_client.cpp recorder.cpp loop.cpp
// tests: scripted_ai.cpp identities.cpp plan.cpp bug_ports.cpp
#include <rubricon/sim/run.hpp>

#include <gtest/gtest.h>

namespace rubricon::sim {
namespace {

// That another process gives the same is shown by the ctest sim.replays_exactly.
TEST(Simulation, the_same_seed_is_the_same_history_to_the_byte) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const auto first = run(draw_script(seed));
    const auto second = run(draw_script(seed));
    EXPECT_EQ(first.trace_hash, second.trace_hash) << "seed " << seed;
    EXPECT_EQ(history::to_text(first.history), history::to_text(second.history));
    EXPECT_FALSE(first.history.applied.empty());
  }
  EXPECT_NE(run(draw_script(1)).trace_hash, run(draw_script(2)).trace_hash);
}

TEST(Simulation, many_messages_are_written_and_seen) {
  std::size_t messages = 0, applied = 0, faults = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto script = draw_script(seed);
    const auto outcome = run(script);
    for (const auto& violation : outcome.violations) ADD_FAILURE() << history::to_text(violation);
    messages += outcome.messages;
    applied += outcome.history.applied.size();
    faults += script.faults.size();
  }
  EXPECT_GT(messages, 100u);
  EXPECT_GT(applied, 400u);
  EXPECT_GT(faults, 10u);
}

TEST(Simulation, what_is_left_out_does_not_happen) {
  const auto script = draw_script(1);
  const auto whole = run(script);
  ASSERT_GT(whole.messages, 0u);
  const auto nothing = run(only(script, {}));
  EXPECT_EQ(nothing.messages, 0u);
  EXPECT_TRUE(nothing.history.applied.empty());
  EXPECT_TRUE(nothing.violations.empty());

  // One device alone, in every chat it follows.
  auto alone = script;
  alone.faults.clear();
  for (std::size_t n = 1; n < alone.devices.size(); ++n) alone.devices[n].in = false;
  std::erase_if(alone.acts, [](const Act& act) {
    return act.kind == ActKind::removes_member || act.device > 0;
  });
  for (const auto& applied : run(alone).history.applied) {
    EXPECT_EQ(applied.who, script.devices[0].name);
  }
}

}  // namespace
}  // namespace rubricon::sim
