// What was acknowledged is on the disk when the power fails: synced, and not only written, which
// is all that a killed process (crash_test.cpp) can show. And what a sync that fails leaves behind.
#include <rubricon/sqlite/connection.hpp>
#include <rubricon/sqlite/posting_test.hpp>
#include <rubricon/sqlite/power_loss_vfs_test.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <random>

namespace rubricon::sqlite {
namespace {

using ports::contract::run_task;

constexpr int rounds = 12;
constexpr std::int64_t operations_max = 6'000;  // the log goes into the file about each 2,000
constexpr Survival nothing{.share = 0, .chance = nullptr};

std::string integrity(const std::filesystem::path& file) {
  Connection db(file, base::Milliseconds(100));
  auto row = db.query("PRAGMA integrity_check");
  row.step();
  return row.text(0);
}

/// Lets a child post until it dies in its n-th operation on the disk; returns what it was told.
std::vector<Report> run_round(const TestFolder& folder, const Stage& stage, std::uint64_t seed,
                              std::int64_t operations, Syncs syncs) {
  std::filesystem::remove(folder.operations());
  return end_of(begin_child([&folder, &stage, seed, operations, syncs](int out) {
    PowerLossVfs disk(folder.operations());
    disk.set_syncs(syncs);
    disk.die_at(operations);
    post_until_killed(folder.file(), stage, seed, out);
  }));
}

TEST(PowerLoss, whatever_was_acknowledged_is_on_the_disk_once_and_in_its_place) {
  const TestFolder folder;
  const Stage stage = make_stage(folder.file());
  constexpr unsigned seed = 20261126;
  std::mt19937 chance{seed};
  Acknowledged acknowledged;
  int checkpointed = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto operations = 1 + static_cast<std::int64_t>(chance() % operations_max);
    const double share = std::uniform_real_distribution<>(0, 1)(chance);
    const auto where = fmt::format("seed {}, round {}: dies at operation {}, {:.2f} survives", seed,
                                   round, operations, share);
    fmt::print("{}\n", where);
    SCOPED_TRACE(where);
    const Disk before = read_disk(folder.file());
    for (const auto& one : run_round(folder, stage, static_cast<std::uint64_t>(round) + 1,
                                     operations, Syncs::honest)) {
      acknowledge(acknowledged, one);
    }
    for (const Survival survival : {nothing, Survival{.share = share, .chance = &chance}}) {
      const Disk disk = after_power_failure(folder.operations(), before, survival);
      checkpointed += disk[0] != before[0] ? 1 : 0;
      write_disk(folder.file(), disk);
      ASSERT_EQ(count_lost(folder.file(), stage, acknowledged), 0u);
      ASSERT_EQ(integrity(folder.file()), "ok");
    }
  }
  EXPECT_GT(acknowledged.size(), static_cast<std::size_t>(rounds) * 10);
  EXPECT_GT(checkpointed, 0) << "the log never went into the file";
}

// The test above can fail: it sees a missing sync.
TEST(PowerLoss, a_disk_that_lies_about_the_log_loses_what_was_acknowledged) {
  const TestFolder folder;
  const Stage stage = make_stage(folder.file());
  const Disk before = read_disk(folder.file());
  std::size_t told = 0;
  std::size_t lost = 0;
  for (std::uint64_t round = 1; round <= 3; ++round) {
    Acknowledged acknowledged;
    for (const auto& one : run_round(folder, stage, round, 500, Syncs::lying_log)) {
      acknowledge(acknowledged, one);
    }
    write_disk(folder.file(), after_power_failure(folder.operations(), before, nothing));
    told += acknowledged.size();
    lost += count_lost(folder.file(), stage, acknowledged);
    write_disk(folder.file(), before);
  }
  EXPECT_GT(told, 0u);
  EXPECT_EQ(lost, told);
}

/// A database on a disk whose syncs can fail. The moments at which its power might have failed are
/// kept, and looked at in the end.
class FailingSync : public testing::Test {
 protected:
  void open() { world.emplace(folder.file(), ++opened); }
  void posts(int count) {
    for (int i = 0; i < count; ++i) {
      acknowledge(acknowledged, run_task(world->io, post(&*world, &stage, 0)));
    }
  }
  void refuses_posts() {
    EXPECT_THROW(run_task(world->io, post(&*world, &stage, 0)), base::Unavailable);
  }
  /// Commits without a sync.
  void erases(std::size_t rows) {
    EXPECT_EQ(run_task(world->io, erase_published(&*world, rows)), rows);
  }
  std::size_t stored() { return run_task(world->io, whole_stream(&*world, stage.chats[0])).size(); }

  std::uintmax_t now() const { return std::filesystem::file_size(folder.operations()); }
  void power_may_fail() { power_may_fail_at(now()); }
  void power_may_fail_at(std::uintmax_t moment) {
    for (const double share : {0.0, 0.5}) {
      const Survival survival{.share = share, .chance = &chance};
      moments.push_back(
          {after_power_failure(folder.operations(), before, survival, moment), acknowledged});
    }
  }
  /// Here and there between then and now; only what was acknowledged until then counts.
  void power_may_fail_since(std::uintmax_t then, Acknowledged until_then) {
    std::swap(acknowledged, until_then);
    constexpr std::uintmax_t steps = 10;
    const auto span = now() - then;
    for (std::uintmax_t i = 0; i <= steps; ++i) power_may_fail_at(then + span * i / steps);
    std::swap(acknowledged, until_then);
  }
  void nothing_was_lost() {
    world.reset();
    disk.reset();
    for (std::size_t i = 0; i < moments.size(); ++i) {
      SCOPED_TRACE(fmt::format("moment {}", i));
      write_disk(folder.file(), moments[i].disk);
      EXPECT_EQ(count_lost(folder.file(), stage, moments[i].acknowledged), 0u);
      EXPECT_EQ(integrity(folder.file()), "ok");
    }
  }

  struct Moment {
    Disk disk;
    Acknowledged acknowledged;
  };
  TestFolder folder;
  Stage stage = make_stage(folder.file());
  Disk before = read_disk(folder.file());
  std::optional<PowerLossVfs> disk{folder.operations()};
  std::optional<World> world;
  std::uint64_t opened = 0;
  std::mt19937 chance{20261126};
  Acknowledged acknowledged;
  std::vector<Moment> moments;
};

TEST_F(FailingSync, refuses_writes_and_not_reads_until_the_disk_works_again) {
  open();
  posts(5);
  const auto events = stored();
  disk->set_syncs(Syncs::failing);
  for (int i = 0; i < 3; ++i) refuses_posts();
  EXPECT_EQ(stored(), events) << "what was refused is not seen";
  power_may_fail();
  disk->set_syncs(Syncs::honest);
  posts(5);
  EXPECT_EQ(stored(), events + 5);
  power_may_fail();
  nothing_was_lost();
}

TEST_F(FailingSync, what_was_written_without_one_before_takes_no_later_message_with_it) {
  open();
  posts(5);
  erases(5);
  disk->set_syncs(Syncs::failing);
  refuses_posts();
  disk->set_syncs(Syncs::honest);
  posts(5);
  power_may_fail();
  nothing_was_lost();
}

TEST_F(FailingSync, is_not_overlooked_when_only_unsynced_writes_are_made) {
  open();
  posts(600);
  disk->set_syncs(Syncs::failing);
  for (int i = 0; i < 600; ++i) erases(1);
  disk->set_syncs(Syncs::honest);
  const auto then = now();
  const auto until_then = acknowledged;
  posts(1);
  power_may_fail_since(then, until_then);
  nothing_was_lost();
}

TEST_F(FailingSync, is_mended_by_the_next_process_when_this_one_is_killed) {
  disk.reset();
  const auto told = end_of(begin_child([this](int out) {
    disk.emplace(folder.operations());
    open();
    for (int i = 0; i < 5; ++i) tell(out, run_task(world->io, post(&*world, &stage, 0)));
    erases(5);
    disk->set_syncs(Syncs::failing);
    refuses_posts();
    ::raise(SIGKILL);
  }));
  EXPECT_EQ(told.size(), 5u);
  for (const auto& report : told) acknowledge(acknowledged, report);
  disk.emplace(folder.operations());
  opened = 1;
  open();
  posts(5);
  power_may_fail();
  nothing_was_lost();
}

TEST_F(FailingSync, is_mended_by_the_next_process_when_this_one_is_closed) {
  open();
  posts(200);
  world.reset();  // all is in the file; what comes now is in the log only
  open();
  erases(200);
  disk->set_syncs(Syncs::failing);
  refuses_posts();
  disk->set_syncs(Syncs::honest);
  const auto then = now();
  world.reset();
  power_may_fail_since(then, acknowledged);
  open();
  posts(5);
  power_may_fail();
  nothing_was_lost();
}

}  // namespace
}  // namespace rubricon::sqlite
