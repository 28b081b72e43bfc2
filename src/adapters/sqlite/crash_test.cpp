// What a killed process has acknowledged is there when the file is opened again: a child posts
// until it is killed, and its parent compares.
#include <rubricon/sqlite/database.hpp>
#include <rubricon/sqlite/harness_test.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <csignal>
#include <cstdlib>
#include <map>
#include <random>

namespace rubricon::sqlite {
namespace {

using ports::contract::run_task;

constexpr int rounds = 24;
constexpr int writers = 8;
constexpr int chats = 3;

/// What the child says of each post that was answered.
struct Acknowledged {
  std::array<std::uint8_t, 16> id;
  std::int64_t chat;
  std::int64_t seq;
};

/// Everything that a round needs of the database, on real time's stand-in.
struct World {
  explicit World(const std::filesystem::path& file, std::uint64_t seed)
      : database({.path = file}, clock, random) {
    std::array<std::uint8_t, 8> skip{};
    for (std::uint64_t i = 0; i < seed * 997; ++i) random.fill(skip);  // other ids than last round
  }
  base::Deadline soon() const {
    return base::Deadline::after(clock.monotonic(), std::chrono::hours(1));
  }

  TestClock clock;
  SeededRandom random;
  boost::asio::io_context io;
  Database database;
};

/// The owner and the chats, made by the parent before the first round.
struct Stage {
  domain::UserId owner;
  std::vector<domain::ChatId> chats;
};

base::Task<void> make_stage(World* world, Stage* stage) {
  ports::NewUser user{.email = domain::Email::parse("a@school.tw").value(),
                      .name = domain::DisplayName::parse("a").value(),
                      .password_hash = "x"};
  stage->owner = (co_await world->database.users().create(std::move(user),
                                                          ports::Admission::anybody, world->soon()))
                     .value()
                     .id;
  for (int i = 0; i < chats; ++i) {
    ports::NewChat chat{.owner = stage->owner, .title = {}};
    const auto made = co_await world->database.chats().create(std::move(chat), world->soon());
    stage->chats.push_back(made.value().id);
  }
}

/// One of the child's writers: posts for ever and reports each answer.
base::Task<void> post_for_ever(World* world, const Stage* stage, int number, int out) {
  for (int i = number;; ++i) {
    const std::size_t chat = static_cast<std::size_t>(i) % stage->chats.size();
    ports::PostMessage message{.user = stage->owner,
                               .chat = stage->chats[chat],
                               .content = domain::MessageText::parse("m").value(),
                               .key = {},
                               .trace = {}};
    const auto posted =
        (co_await world->database.messages().post(std::move(message), world->soon())).value();
    const Acknowledged said{posted.id.uuid().bytes(), static_cast<std::int64_t>(chat),
                            posted.position.seq.value()};
    if (::write(out, &said, sizeof said) != sizeof said) std::abort();
  }
}

[[noreturn]] void be_child(const std::filesystem::path& file, const Stage& stage, int round,
                           int out) {
  World world(file, static_cast<std::uint64_t>(round) + 1);
  for (int i = 0; i < writers; ++i) {
    boost::asio::co_spawn(world.io, post_for_ever(&world, &stage, i, out),
                          [](std::exception_ptr) { std::abort(); });
  }
  world.io.run();
  std::abort();
}

std::vector<Acknowledged> read_all(int in) {
  std::vector<Acknowledged> said;
  Acknowledged one{};
  // Reports are smaller than the pipe's atomic size, so none is cut in half.
  while (::read(in, &one, sizeof one) == sizeof one) said.push_back(one);
  return said;
}

/// Lets a child post for a while, kills it, returns what it was told.
std::vector<Acknowledged> run_round(const std::filesystem::path& file, const Stage& stage,
                                    int round, std::chrono::microseconds alive) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    be_child(file, stage, round, ends[1]);
  }
  ::close(ends[1]);
  // The first report shows that it has begun; the rest of its life is up to chance.
  Acknowledged first{};
  std::vector<Acknowledged> said;
  if (::read(ends[0], &first, sizeof first) == sizeof first) said.push_back(first);
  ::usleep(static_cast<useconds_t>(alive.count()));
  ::kill(child, SIGKILL);
  for (const auto& one : read_all(ends[0])) said.push_back(one);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it died by itself";
  return said;
}

base::Task<std::vector<domain::Event>> whole_stream(World* world, domain::ChatId chat) {
  std::vector<domain::Event> events;
  for (;;) {
    const domain::Seq after = events.empty() ? domain::Seq(0) : events.back().seq;
    auto page = co_await world->database.events().read(
        {.stream = domain::StreamId(chat), .after = after}, world->soon());
    if (page.events.empty()) {
      EXPECT_EQ(page.head.seq, after) << "the head is the last event";
      co_return events;
    }
    for (auto& event : page.events) events.push_back(std::move(event));
  }
}

TEST(Crash, whatever_was_acknowledged_survives_a_kill_once_and_in_its_place) {
  const TestFolder folder;
  Stage stage;
  {
    World world(folder.file(), 0);
    run_task(world.io, make_stage(&world, &stage));
  }
  std::mt19937 chance{20261122};
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> acknowledged;
  std::size_t total = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::chrono::microseconds alive(chance() % 30'000);
    for (const auto& one : run_round(folder.file(), stage, round, alive)) {
      ++total;
      const auto id = base::Uuid(one.id).to_string();
      EXPECT_TRUE(acknowledged.try_emplace({one.chat, one.seq}, id).second) << "two got one seq";
    }
  }
  EXPECT_GT(total, static_cast<std::size_t>(rounds) * 3);

  World world(folder.file(), 0);
  for (std::int64_t chat = 0; chat < chats; ++chat) {
    const auto events =
        run_task(world.io, whole_stream(&world, stage.chats[static_cast<std::size_t>(chat)]));
    std::map<std::string, std::int64_t> seq_of;
    for (std::size_t i = 0; i < events.size(); ++i) {
      ASSERT_EQ(events[i].seq.value(), static_cast<std::int64_t>(i) + 1) << "a gap";
      if (i == 0) continue;
      const std::string id = events[i].data.substr(7, 36);  // {"id":"…
      EXPECT_TRUE(seq_of.emplace(id, events[i].seq.value()).second) << "stored twice";
    }
    for (const auto& [place, id] : acknowledged) {
      if (place.first == chat) EXPECT_EQ(seq_of[id], place.second) << "lost or moved";
    }
  }
}

}  // namespace
}  // namespace rubricon::sqlite
