#include <rubricon/sqlite/posting_test.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace rubricon::sqlite {
namespace {

using ports::contract::run_task;

constexpr int writers = 8;
constexpr int chats = 3;
constexpr std::size_t erased_at_once = 4;

base::Task<Stage> fill_stage(World* world) {
  Stage stage;
  ports::NewUser user{.email = domain::Email::parse("a@school.tw").value(),
                      .name = domain::DisplayName::parse("a").value(),
                      .password_hash = "x"};
  stage.owner = (co_await world->database.users().create(std::move(user), ports::Admission::anybody,
                                                         world->soon()))
                    .value()
                    .id;
  for (int i = 0; i < chats; ++i) {
    ports::NewChat chat{.owner = stage.owner, .title = {}};
    const auto made = co_await world->database.chats().create(std::move(chat), world->soon());
    stage.chats.push_back(made.value().id);
  }
  co_return stage;
}

/// One of the writers.
base::Task<void> post_for_ever(World* world, const Stage* stage, int number, int out) {
  for (int i = number;; ++i) {
    const Report said =
        co_await post(world, stage, static_cast<std::size_t>(i) % stage->chats.size());
    tell(out, said);
    co_await erase_published(world, erased_at_once);
  }
}

}  // namespace

World::World(const std::filesystem::path& file, std::uint64_t seed)
    : database({.path = file}, clock, random) {
  std::array<std::uint8_t, 8> skip{};
  for (std::uint64_t i = 0; i < seed * 997; ++i) random.fill(skip);
}

Stage make_stage(const std::filesystem::path& file) {
  World world(file, 0);
  return run_task(world.io, fill_stage(&world));
}

void tell(int out, const Report& report) {
  if (::write(out, &report, sizeof report) != sizeof report) std::abort();
}

base::Task<Report> post(World* world, const Stage* stage, std::size_t chat) {
  ports::PostMessage message{.user = stage->owner,
                             .chat = stage->chats[chat],
                             .content = domain::MessageText::parse("m").value(),
                             .key = {},
                             .trace = {}};
  const auto posted =
      (co_await world->database.messages().post(std::move(message), world->soon())).value();
  co_return Report{posted.id.uuid().bytes(), static_cast<std::int64_t>(chat),
                   posted.position.seq.value()};
}

base::Task<std::size_t> erase_published(World* world, std::size_t limit) {
  const auto rows =
      co_await world->database.outbox().claim(limit, std::chrono::hours(1), world->soon());
  std::vector<ports::OutboxId> ids;
  for (const auto& row : rows) ids.push_back(row.id);
  co_await world->database.outbox().erase(std::move(ids), world->soon());
  co_return rows.size();
}

void post_until_killed(const std::filesystem::path& file, const Stage& stage, std::uint64_t seed,
                       int out) {
  World world(file, seed);
  for (int i = 0; i < writers; ++i) {
    boost::asio::co_spawn(world.io, post_for_ever(&world, &stage, i, out),
                          [](std::exception_ptr) { std::abort(); });
  }
  world.io.run();
  std::abort();
}

Child begin_child(const std::function<void(int out)>& live) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no child");
  if (child == 0) {
    ::close(ends[0]);
    try {
      live(ends[1]);
    } catch (...) {  // it must not go on as its parent
    }
    std::abort();
  }
  ::close(ends[1]);
  return {child, ends[0]};
}

std::vector<Report> end_of(Child child) {
  std::vector<Report> said;
  Report one{};
  // Reports are smaller than the pipe's atomic size, so none is cut in half.
  while (::read(child.reports, &one, sizeof one) == sizeof one) said.push_back(one);
  ::close(child.reports);
  int status = 0;
  ::waitpid(child.process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it died by itself";
  return said;
}

void acknowledge(Acknowledged& acknowledged, const Report& report) {
  const auto id = base::Uuid(report.id).to_string();
  EXPECT_TRUE(acknowledged.try_emplace({report.chat, report.seq}, id).second) << "two got one seq";
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

std::size_t count_lost(const std::filesystem::path& file, const Stage& stage,
                       const Acknowledged& acknowledged) {
  World world(file, 0);
  std::size_t found = 0;
  for (std::size_t chat = 0; chat < stage.chats.size(); ++chat) {
    const auto events = run_task(world.io, whole_stream(&world, stage.chats[chat]));
    std::map<std::string, std::int64_t> seq_of;
    for (std::size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].seq.value(), static_cast<std::int64_t>(i) + 1) << "a gap";
      if (i == 0) continue;
      const std::string id = events[i].data.substr(7, 36);  // {"id":"…
      EXPECT_TRUE(seq_of.emplace(id, events[i].seq.value()).second) << "stored twice";
    }
    for (const auto& [place, id] : acknowledged) {
      if (place.first != static_cast<std::int64_t>(chat)) continue;
      const auto stored = seq_of.find(id);
      found += stored != seq_of.end() && stored->second == place.second ? 1 : 0;
    }
  }
  return acknowledged.size() - found;
}

}  // namespace rubricon::sqlite
