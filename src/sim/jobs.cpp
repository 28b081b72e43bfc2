#include <rubricon/sim/jobs.hpp>

#include <rubricon/sim/fatal.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>
#include <string_view>
#include <utility>

namespace rubricon::sim {
namespace {

struct Job {
  pid_t child;
  int pipe;
};

void write_all(int pipe, std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::write(pipe, text.data(), text.size());
    if (sent <= 0) fatal("a job cannot tell what it counted");
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// A line "seed <n>" before each run, and at last "all <numbers>".
void do_share(int pipe, unsigned number, const Share& share) {
  const auto totals = share(
      number, [pipe](std::uint64_t seed) { write_all(pipe, fmt::format("seed {}\n", seed)); });
  auto text =
      fmt::format("all {} {} {} {}", totals.seeds, totals.broken, totals.messages, totals.applied);
  for (const auto time : totals.recovery) text += fmt::format(" {}", time.count());
  write_all(pipe, text);
}

std::string read_all(int pipe) {
  std::string text;
  std::array<char, 4096> bytes{};
  for (auto got = ::read(pipe, bytes.data(), bytes.size()); got > 0;
       got = ::read(pipe, bytes.data(), bytes.size())) {
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return text;
}

/// Waits until the job has told all. False where it crashed before; then `crashed` has it.
bool receive(int pipe, Totals& totals, Crashed& crashed) {
  std::istringstream lines(read_all(pipe));
  ::close(pipe);
  std::string word;
  std::optional<std::uint64_t> seed;
  for (std::uint64_t begun = 0; lines >> word && word == "seed" && lines >> begun;) seed = begun;
  Totals more;
  if (word != "all" || !(lines >> more.seeds >> more.broken >> more.messages >> more.applied)) {
    if (seed) crashed.seeds.push_back(*seed);
    if (!seed) ++crashed.outside;
    return false;
  }
  totals.seeds += more.seeds;
  totals.broken += more.broken;
  totals.messages += more.messages;
  totals.applied += more.applied;
  for (At::rep time = 0; lines >> time;) totals.recovery.emplace_back(time);
  return true;
}

/// Nothing where the system has no place for it.
std::optional<Job> start(unsigned number, const Share& share) {
  std::fflush(stdout);
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return std::nullopt;
  const auto child = ::fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    do_share(ends[1], number, share);
    std::fflush(stdout);
    ::_exit(0);
  }
  ::close(ends[1]);
  return Job{child, ends[0]};
}

double percentile(const std::vector<At>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[index].count()) / 1000;
}

}  // namespace

std::expected<Totals, Crashed> in_processes(unsigned jobs, const Share& share) {
  std::vector<Job> running;
  for (unsigned number = 0; number < jobs; ++number) {
    if (const auto job = start(number, share)) running.push_back(*job);
  }
  Totals totals;
  Crashed crashed{.seeds = {}, .outside = jobs - running.size()};
  for (const auto& job : running) {
    const bool told = receive(job.pipe, totals, crashed);
    int status = 0;
    const bool ended = ::waitpid(job.child, &status, 0) == job.child && status == 0;
    if (told && !ended) ++crashed.outside;
  }
  if (crashed != Crashed{}) return std::unexpected(std::move(crashed));
  return totals;
}

std::string to_text(Totals totals) {
  auto& recovery = totals.recovery;
  std::ranges::sort(recovery);
  return fmt::format(
      "{} seeds, {} broken; {} messages, {} events applied; level after the last fault: p50 {:.1f} "
      "s, p99 {:.1f} s, max {:.1f} s\n",
      totals.seeds, totals.broken, totals.messages, totals.applied, percentile(recovery, 0.5),
      percentile(recovery, 0.99), percentile(recovery, 1));
}

}  // namespace rubricon::sim
