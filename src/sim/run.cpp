#include <rubricon/sim/run.hpp>

#include <rubricon/sim/workload.hpp>
#include <rubricon/sim/world.hpp>

#include <algorithm>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

constexpr At work_begin = 1s;
constexpr At work_end = 16s;
constexpr At fault_begin = 2s;
constexpr At fault_end = 18s;
/// After the last fault: longer than any wait in the system, all in a row.
constexpr At rest_max = 150s;

void arrange_faults(World& world, const std::vector<Fault>& plan) {
  for (const auto& fault : plan) {
    world.loop.at(fault.from, [&world, fault] { world.begin(fault); });
    world.loop.at(fault.until, [&world, fault] { world.finish(fault); });
  }
}

void note_heads(World& world) {
  auto& history = world.recorder.history;
  history.healed = world.loop.elapsed();
  for (const auto& [id, row] : world.database.tables().chats) {
    history.heads_when_healed[world.recorder.chat(id.to_string())] = row.chat.last_seq.value();
  }
}

}  // namespace

Outcome run(std::uint64_t seed, PrintTrace print) {
  World world(seed, print);
  Outcome outcome;
  outcome.plan = draw_plan(world.dice("plan"), fault_begin, fault_end);
  world.furnish();
  world.boot();
  arrange_faults(world, outcome.plan);
  start_workload(world, work_begin, work_end, outcome.plan);
  auto faults_end = fault_end;
  for (const auto& fault : outcome.plan) faults_end = std::max(faults_end, fault.until);
  world.loop.run_until([] { return false; }, faults_end + At(1));
  world.heal();
  note_heads(world);
  world.loop.run_until([&] { return world.at_rest(); }, world.loop.elapsed() + rest_max);
  world.recorder.read(world.database.tables());
  auto& history = world.recorder.history;
  outcome.violations = history::check(history);
  outcome.recovery_times = history::recovery_times(history);
  outcome.messages = world.database.tables().messages.size();
  outcome.events_applied = history.applied.size();
  world.end();
  outcome.trace_hash = world.loop.trace_hash();
  return outcome;
}

std::string to_text(std::uint64_t seed, const Outcome& outcome, const std::string& replay) {
  auto text =
      fmt::format("seed {}: {}\n", seed, outcome.violations.empty() ? "clean" : "VIOLATION");
  for (const auto& violation : outcome.violations) text += history::to_text(violation);
  if (outcome.violations.empty()) return text;
  text += outcome.plan.empty() ? "no faults in this run\n" : "faults of this run:\n";
  for (const auto& fault : outcome.plan) text += "  " + to_text(fault) + "\n";
  return text + "replay: " + replay + "\n";
}

}  // namespace rubricon::sim
