#include <rubricon/sim/command.hpp>

#include <rubricon/base/seeded_bug.hpp>
#include <rubricon/sim/jobs.hpp>
#include <rubricon/sim/run.hpp>
#include <rubricon/sim/shrink.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace rubricon::sim {
namespace {

#ifdef RUBRICON_SEEDED_BUGS
const std::map<std::string, base::SeededBug>& bugs() {
  using base::SeededBug;
  static const std::map<std::string, SeededBug> all = {
      {"cursor-relay", SeededBug::cursor_relay},
      {"skip-on-timeout", SeededBug::skip_on_timeout},
      {"publish-before-commit", SeededBug::publish_before_commit},
      {"lost-wake-up", SeededBug::lost_wake_up},
      {"double-answer", SeededBug::double_answer},
      {"stale-epoch", SeededBug::stale_epoch},
      {"deaf-to-revocations", SeededBug::deaf_to_revocations},
      {"job-not-stored", SeededBug::job_not_stored}};
  return all;
}

void choose_bug(const std::string& name) {
  base::seeded_bug = name.empty() ? base::SeededBug::none : bugs().at(name);
}
constexpr const char* program = "sim_bugs";
#else
std::map<std::string, int> bugs() {
  return {};
}

void choose_bug(const std::string&) {}
constexpr const char* program = "sim";
#endif

bool parse_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// "7" or "1..200".
bool parse_seeds(std::string_view text, Command& command) {
  const auto dots = text.find("..");
  if (!parse_number(text.substr(0, dots), command.first)) return false;
  command.last = command.first;
  return dots == text.npos ||
         (parse_number(text.substr(dots + 2), command.last) && command.first <= command.last);
}

std::string replay_of(const Command& command, std::uint64_t seed, const Parts* parts) {
  auto text = fmt::format("{} --seed {}", program, seed);
  if (parts != nullptr) text += " --only " + (parts->empty() ? "none" : to_text(*parts));
  if (!command.bug.empty()) text += " --bug " + command.bug;
  return text + " --trace";
}

Script script_of(const Command& command, std::uint64_t seed) {
  auto script = draw_script(seed);
  return command.parts ? only(std::move(script), *command.parts) : script;
}

/// The smallest run that breaks the same rule, and all that happened in it.
void print_smallest(const Command& command, const Script& script, int rule) {
  const auto broken = [rule](const Script& smaller) { return run(smaller).breaks(rule); };
  const auto shrunk = shrink(script, broken, command.shrink_runs);
  const auto smallest = only(script, shrunk.parts);
  const auto outcome = run(smallest);
  fmt::print("\nmade smaller in {} runs: {} of {} faults, {} of {} acts are left\n", shrunk.runs,
             smallest.faults.size(), script.faults.size(), smallest.acts.size(),
             script.acts.size());
  for (const auto& violation : outcome.violations) {
    if (violation.rule == rule) fmt::print("{}", history::to_text(violation));
  }
  fmt::print("{}all that was seen:\n{}replay: {}\n", to_text(smallest),
             history::to_text(outcome.history), replay_of(command, script.seed, &shrunk.parts));
}

enum class Smallest { shown, not_shown };

void print_broken(const Command& command, const Script& script, const Outcome& outcome,
                  Smallest smallest) {
  fmt::print("seed {}: VIOLATION\n", script.seed);
  for (const auto& violation : outcome.violations) fmt::print("{}", history::to_text(violation));
  const auto* parts = command.parts ? &*command.parts : nullptr;
  fmt::print("{}replay: {}\n", to_text(script), replay_of(command, script.seed, parts));
  if (smallest == Smallest::shown) {
    print_smallest(command, script, outcome.violations.front().rule);
  }
}

void run_one(const Command& command, std::uint64_t seed, Totals& totals) {
  const auto script = script_of(command, seed);
  const auto outcome = run(script, command.trace ? PrintTrace::yes : PrintTrace::no);
  ++totals.seeds;
  totals.messages += outcome.messages;
  totals.applied += outcome.history.applied.size();
  std::ranges::copy(outcome.recovery_times, std::back_inserter(totals.recovery));
  const bool one = command.first == command.last;
  if (!outcome.violations.empty()) {
    // One smallest run is enough to begin with.
    const bool shown = totals.broken++ == 0 && !command.parts && !command.trace;
    print_broken(command, script, outcome,
                 shown && command.shrink_runs > 0 ? Smallest::shown : Smallest::not_shown);
  } else if (one) {
    fmt::print("seed {}: clean\n", seed);
  }
  if (one) fmt::print("trace hash {:016x}\n", outcome.trace_hash);
  std::fflush(stdout);
}

/// The first seed that catches the bug, and the same without it.
int catch_bug(const Command& command) {
  Totals totals;
  for (auto seed = command.first; seed <= command.last; ++seed) {
    choose_bug(command.bug);
    run_one(command, seed, totals);
    if (totals.broken == 0) continue;
    choose_bug({});
    const auto without = run(script_of(command, seed));
    for (const auto& violation : without.violations) fmt::print("{}", history::to_text(violation));
    fmt::print("{} is caught by seed {}, which {} without it\n", command.bug, seed,
               without.violations.empty() ? "is clean" : "IS BROKEN, TOO,");
    return without.violations.empty() ? 0 : 1;
  }
  fmt::print("{} was not caught in {} seeds\n", command.bug, totals.seeds);
  return 1;
}

/// Every `jobs`-th seed, beginning with the `job`-th.
Totals run_share(const Command& command, unsigned job, const BeginSeed& begin) {
  Totals totals;
  for (auto seed = command.first + job; seed <= command.last; seed += command.jobs) {
    begin(seed);
    run_one(command, seed, totals);
  }
  return totals;
}

int run_seeds(const Command& command) {
  const Share share = [&command](unsigned job, const BeginSeed& begin) {
    return run_share(command, job, begin);
  };
  // One seed is run here, where a debugger sees it.
  const auto totals = command.first == command.last ? share(0, [](std::uint64_t) {})
                                                    : in_processes(command.jobs, share);
  if (!totals) {
    const auto* parts = command.parts ? &*command.parts : nullptr;
    for (const auto seed : totals.error().seeds) {
      fmt::print("seed {}: CRASHED\nreplay: {}\n", seed, replay_of(command, seed, parts));
    }
    for (std::size_t job = 0; job < totals.error().outside; ++job) {
      fmt::print("a job crashed outside any seed\n");
    }
    return 2;
  }
  fmt::print("{}", to_text(*totals));
  return totals->broken == 0 ? 0 : 1;
}

}  // namespace

std::vector<std::string> bug_names() {
  std::vector<std::string> names;
  for (const auto& [name, bug] : bugs()) names.push_back(name);
  return names;
}

std::optional<Command> parse_command(int argc, const char* const* argv, int& exit_code) {
  Command command;
  std::string seeds, parts;
  CLI::App app{
      "Runs the whole system on a virtual clock, with faults drawn from a seed, and checks "
      "the ten rules of src/history.",
      program};
  app.add_option("--seed,--seeds", seeds, "One seed (7) or many (1..200)")->required();
  app.add_option("--jobs", command.jobs, "Processes at a time")->check(CLI::Range(1, 64));
  app.add_flag("--trace", command.trace, "Print everything that happens");
  app.add_option("--only", parts, "Of one seed these parts alone, as a smaller run names them");
  app.add_option("--shrink", command.shrink_runs,
                 "Runs to spend on the smallest one that breaks the same rule (200)")
      ->check(CLI::Range(0, 100'000));
  const auto names = bug_names();
  if (!names.empty()) {
    app.add_option("--bug", command.bug,
                   "Put this bug in; stop at the seed that catches it, and run it without")
        ->check(CLI::IsMember(names));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  if (!parse_seeds(seeds, command)) {
    fmt::print(stderr, "{}: '{}' is neither a seed nor A..B\n", program, seeds);
    exit_code = 2;
    return std::nullopt;
  }
  if (!parts.empty()) command.parts = parts == "none" ? Parts{} : parse_parts(parts);
  if (!parts.empty() && (!command.parts || command.first != command.last)) {
    fmt::print(stderr, "{}: --only takes parts such as 0-3,7 or none, and one seed\n", program);
    exit_code = 2;
    return std::nullopt;
  }
  return command;
}

int run_command(const Command& command) {
  if (!command.bug.empty()) return catch_bug(command);
  return run_seeds(command);
}

}  // namespace rubricon::sim
