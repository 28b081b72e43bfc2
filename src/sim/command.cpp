#include <rubricon/sim/command.hpp>

#include <rubricon/base/seeded_bug.hpp>
#include <rubricon/sim/run.hpp>

#include <sys/wait.h>
#include <unistd.h>
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
      {"stale-epoch", SeededBug::stale_epoch}};
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

std::string replay_of(const Command& command, std::uint64_t seed) {
  auto text = fmt::format("{} --seed {} --trace", program, seed);
  if (!command.bug.empty()) text += " --bug " + command.bug;
  return text;
}

struct Totals {
  std::size_t seeds = 0, broken = 0, messages = 0, applied = 0;
  std::vector<At> recovery;
};

void run_one(const Command& command, std::uint64_t seed, Totals& totals) {
  auto outcome = run(seed, command.trace ? PrintTrace::yes : PrintTrace::no);
  ++totals.seeds;
  totals.messages += outcome.messages;
  totals.applied += outcome.events_applied;
  std::ranges::copy(outcome.recovery_times, std::back_inserter(totals.recovery));
  if (!outcome.violations.empty()) ++totals.broken;
  const bool one = command.first == command.last;
  if (one || !outcome.violations.empty()) {
    fmt::print("{}", to_text(seed, outcome, replay_of(command, seed)));
  }
  if (one) fmt::print("trace hash {:016x}\n", outcome.trace_hash);
  std::fflush(stdout);
}

double percentile(const std::vector<At>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[index].count()) / 1000;
}

/// Every `jobs`-th seed, beginning with the `job`-th.
int run_share(const Command& command, unsigned job) {
  Totals totals;
  for (auto seed = command.first + job; seed <= command.last; seed += command.jobs) {
    run_one(command, seed, totals);
    if (totals.broken > 0 && !command.bug.empty()) break;  // caught: that is all that was asked
  }
  std::ranges::sort(totals.recovery);
  fmt::print(
      "{} seeds, {} broken; {} messages, {} events applied; level after the last fault: p50 {:.1f} "
      "s, "
      "p99 {:.1f} s, max {:.1f} s\n",
      totals.seeds, totals.broken, totals.messages, totals.applied,
      percentile(totals.recovery, 0.5), percentile(totals.recovery, 0.99),
      percentile(totals.recovery, 1));
  return totals.broken == 0 ? 0 : 1;
}

/// Each job is a process of its own: virtual time belongs to one thread, and a crash to one job.
int run_jobs(const Command& command) {
  std::vector<pid_t> children;
  for (unsigned job = 0; job < command.jobs; ++job) {
    const auto child = fork();
    if (child == 0) {
      const int result = run_share(command, job);
      std::fflush(stdout);
      _exit(result);
    }
    if (child < 0) return 2;
    children.push_back(child);
  }
  int worst = 0;
  for (const auto child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    worst = std::max(worst, WIFEXITED(status) ? WEXITSTATUS(status) : 2);
  }
  return worst;
}

}  // namespace

std::vector<std::string> bug_names() {
  std::vector<std::string> names;
  for (const auto& [name, bug] : bugs()) names.push_back(name);
  return names;
}

std::optional<Command> parse_command(int argc, const char* const* argv, int& exit_code) {
  Command command;
  std::string seeds;
  CLI::App app{
      "Runs the whole system on a virtual clock, with faults drawn from a seed, and checks "
      "the ten rules of src/history.",
      program};
  app.add_option("--seed,--seeds", seeds, "One seed (7) or many (1..200)")->required();
  app.add_option("--jobs", command.jobs, "Processes at a time")->check(CLI::Range(1, 64));
  app.add_flag("--trace", command.trace, "Print everything that happens");
  const auto names = bug_names();
  if (!names.empty()) {
    app.add_option("--bug", command.bug, "Put this bug in; stop at the seed that catches it")
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
  return command;
}

int run_command(const Command& command) {
  choose_bug(command.bug);
  return command.jobs > 1 ? run_jobs(command) : run_share(command, 0);
}

}  // namespace rubricon::sim
