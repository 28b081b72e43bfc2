/// For tests that end a posting process: the process, what it was told, and whether that is stored.
#pragma once

#include <rubricon/sqlite/database.hpp>
#include <rubricon/sqlite/harness_test.hpp>

#include <sys/types.h>
#include <boost/asio/io_context.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::sqlite {

/// Everything that a process needs of the database, on real time's stand-in.
struct World {
  /// Other seeds give other ids.
  World(const std::filesystem::path& file, std::uint64_t seed);
  base::Deadline soon() const {
    return base::Deadline::after(clock.monotonic(), std::chrono::hours(1));
  }

  TestClock clock;
  SeededRandom random;
  boost::asio::io_context io;
  Database database;
};

/// An owner and a few chats.
struct Stage {
  domain::UserId owner;
  std::vector<domain::ChatId> chats;
};

Stage make_stage(const std::filesystem::path& file);

/// What a posting process says of each post that was answered.
struct Report {
  std::array<std::uint8_t, 16> id;
  std::int64_t chat;
  std::int64_t seq;
};

void tell(int out, const Report& report);

base::Task<Report> post(World* world, const Stage* stage, std::size_t chat);
/// Erases a few outbox rows, as the relay does when they are published: a commit without fsync.
/// Returns how many.
base::Task<std::size_t> erase_published(World* world, std::size_t limit);

/// Posts for ever, erases, and reports each answer to the descriptor `out`.
[[noreturn]] void post_until_killed(const std::filesystem::path& file, const Stage& stage,
                                    std::uint64_t seed, int out);

struct Child {
  pid_t process;
  int reports;
};

/// Forks: to be called while no threads run. `live` is given where to report to.
Child begin_child(const std::function<void(int out)>& live);
/// Reads all reports until the child's end, which must be by SIGKILL.
std::vector<Report> end_of(Child child);

/// The ids of acknowledged messages by chat and seq.
using Acknowledged = std::map<std::pair<std::int64_t, std::int64_t>, std::string>;

void acknowledge(Acknowledged& acknowledged, const Report& report);

base::Task<std::vector<domain::Event>> whole_stream(World* world, domain::ChatId chat);

/// Expects seqs without gaps and each message once. Returns how many of the acknowledged messages
/// are not where they were.
std::size_t count_lost(const std::filesystem::path& file, const Stage& stage,
                       const Acknowledged& acknowledged);

}  // namespace rubricon::sqlite
