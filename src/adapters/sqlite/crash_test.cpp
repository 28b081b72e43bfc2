// What a killed process has acknowledged is there when the file is opened again: a child posts
// until it is killed, and its parent compares.
#include <rubricon/sqlite/database.hpp>
#include <rubricon/sqlite/posting_test.hpp>

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <random>

namespace rubricon::sqlite {
namespace {

constexpr int rounds = 24;

/// Lets a child post for a while, kills it, returns what it was told.
std::vector<Report> run_round(const std::filesystem::path& file, const Stage& stage, int round,
                              std::chrono::microseconds alive) {
  const Child child = begin_child([&file, &stage, round](int out) {
    post_until_killed(file, stage, static_cast<std::uint64_t>(round) + 1, out);
  });
  // The first report shows that it has begun; the rest of its life is up to chance.
  pollfd first{.fd = child.reports, .events = POLLIN, .revents = 0};
  ::poll(&first, 1, -1);
  ::usleep(static_cast<useconds_t>(alive.count()));
  ::kill(child.process, SIGKILL);
  return end_of(child);
}

TEST(Crash, whatever_was_acknowledged_survives_a_kill_once_and_in_its_place) {
  const TestFolder folder;
  const Stage stage = make_stage(folder.file());
  std::mt19937 chance{20261122};
  Acknowledged acknowledged;
  for (int round = 0; round < rounds; ++round) {
    const std::chrono::microseconds alive(chance() % 30'000);
    for (const auto& one : run_round(folder.file(), stage, round, alive)) {
      acknowledge(acknowledged, one);
    }
  }
  EXPECT_GT(acknowledged.size(), static_cast<std::size_t>(rounds) * 3);
  EXPECT_EQ(count_lost(folder.file(), stage, acknowledged), 0u);
}

}  // namespace
}  // namespace rubricon::sqlite
