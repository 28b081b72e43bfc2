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

/// As numbers in a line.
void send(int pipe, const Totals& totals) {
  auto text =
      fmt::format("{} {} {} {}", totals.seeds, totals.broken, totals.messages, totals.applied);
  for (const auto time : totals.recovery) text += fmt::format(" {}", time.count());
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto sent = ::write(pipe, rest.data(), rest.size());
    if (sent <= 0) fatal("a job cannot tell what it counted");
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// Until the job has ended. False where it did not say what it counted.
bool receive(int pipe, Totals& totals) {
  std::string text;
  std::array<char, 4096> bytes{};
  for (auto got = ::read(pipe, bytes.data(), bytes.size()); got > 0;
       got = ::read(pipe, bytes.data(), bytes.size())) {
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
  ::close(pipe);
  std::istringstream numbers(text);
  Totals more;
  if (!(numbers >> more.seeds >> more.broken >> more.messages >> more.applied)) return false;
  totals.seeds += more.seeds;
  totals.broken += more.broken;
  totals.messages += more.messages;
  totals.applied += more.applied;
  for (At::rep time = 0; numbers >> time;) totals.recovery.emplace_back(time);
  return true;
}

/// Nothing where the system has no place for it.
std::optional<Job> start(unsigned number, const std::function<Totals(unsigned)>& share) {
  std::fflush(stdout);
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return std::nullopt;
  const auto child = ::fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    send(ends[1], share(number));
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

std::optional<Totals> in_processes(unsigned jobs,
                                   const std::function<Totals(unsigned job)>& share) {
  if (jobs <= 1) return share(0);
  std::vector<Job> running;
  bool all = true;
  for (unsigned number = 0; number < jobs; ++number) {
    const auto job = start(number, share);
    if (job) running.push_back(*job);
    all = all && job;
  }
  Totals totals;
  for (const auto& job : running) {
    all = receive(job.pipe, totals) && all;
    int status = 0;
    ::waitpid(job.child, &status, 0);
  }
  return all ? std::optional(std::move(totals)) : std::nullopt;
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
