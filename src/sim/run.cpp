#include <rubricon/sim/run.hpp>

#include <rubricon/sim/workload.hpp>
#include <rubricon/sim/world.hpp>

#include <algorithm>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

/// Acts and faults begin no later.
constexpr At work_end = 18s;
/// After the last fault: longer than any wait in the system, all in a row.
constexpr At rest_max = 150s;

void arrange_faults(World& world) {
  for (const auto& fault : world.script.faults) {
    world.loop.at(fault.from, [&world, fault] { world.begin(fault); });
    world.loop.at(fault.until, [&world, fault] { world.finish(fault); });
  }
}

void note_heads(World& world) {
  auto& history = world.recorder.history;
  history.healed = world.loop.elapsed();
  for (const auto& [id, row] : world.database.tables().chats) {
    history.heads_when_healed[world.recorder.chat(id.to_string())] = {row.chat.epoch.value(),
                                                                      row.chat.last_seq.value()};
  }
}

}  // namespace

bool Outcome::breaks(int rule) const {
  return std::ranges::find(violations, rule, &history::Violation::rule) != violations.end();
}

Outcome run(const Script& script, PrintTrace print) {
  World world(script, print);
  Outcome outcome;
  world.furnish();
  world.boot();
  arrange_faults(world);
  start_workload(world);
  auto faults_end = work_end;
  for (const auto& fault : script.faults) faults_end = std::max(faults_end, fault.until);
  world.loop.run_until([] { return false; }, faults_end + At(1));
  world.heal();
  note_heads(world);
  world.loop.run_until([&] { return world.at_rest(); }, world.loop.elapsed() + rest_max);
  const auto dead_jobs = world.dead_jobs();
  world.recorder.read(world.database.tables(), dead_jobs);
  outcome.history = world.recorder.history;  // a copy: what ends now still writes to it
  outcome.violations = history::check(outcome.history);
  outcome.recovery_times = history::recovery_times(outcome.history);
  outcome.messages = world.database.tables().messages.size();
  world.end();
  outcome.trace_hash = world.loop.trace_hash();
  return outcome;
}

std::string to_text(const Script& script) {
  std::string text = script.faults.empty() ? "no faults\n" : "faults:\n";
  for (const auto& fault : script.faults) text += "  " + to_text(fault) + "\n";
  text += "what people do:\n";
  for (const auto& act : script.acts) text += "  " + to_text(script, act) + "\n";
  return text;
}

}  // namespace rubricon::sim
