// tests: replica.cpp
#include <rubricon/postgres/replicas.hpp>

#include <rubricon/postgres/condition.hpp>
#include <rubricon/postgres/store_test.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace rubricon::postgres {
namespace {

/// A real server that follows the test server; its data go with it.
class FollowingServer {
 public:
  FollowingServer() { command(fmt::format("follow '{}' '{}'", folder_, services() + "/postgres")); }
  ~FollowingServer() {
    std::system(fmt::format("{} stop '{}'", script, folder_).c_str());
    std::filesystem::remove_all(folder_);
  }
  FollowingServer(const FollowingServer&) = delete;
  FollowingServer& operator=(const FollowingServer&) = delete;

  /// Of a database that has the address `of` on the primary.
  std::string url(const std::string& of) const {
    const auto own = line("url");
    return own.substr(0, own.rfind('/')) + of.substr(of.rfind('/'));
  }
  void kill() const { ::kill(std::stoi(line("pid")), SIGKILL); }
  void restart() const { command(fmt::format("restart '{}'", folder_)); }

 private:
  static constexpr auto script = RUBRICON_SOURCE_DIR "/tools/services/postgres";

  static std::string services() {
    const char* const folder =
        std::getenv("RUBRICON_SERVICES_DIR");  // tidy: allow getenv because ctest tells it so
    return folder ? folder : "build/dev/services";
  }
  static void command(const std::string& what) {
    if (std::system(fmt::format("{} {}", script, what).c_str()) != 0) {
      throw std::runtime_error("the replica does not start");
    }
  }
  std::string line(const char* file) const {
    std::ifstream stream(fmt::format("{}/{}", folder_, file));
    std::string text;
    std::getline(stream, text);
    return text;
  }

  const std::string folder_ = fmt::format("{}replica-{}", testing::TempDir(), ::getpid());
};

FollowingServer& follower() {
  static FollowingServer server;
  return server;
}

std::unique_ptr<ports::contract::StoreHarness> make_followed_harness() {
  auto harness = std::make_unique<DatabaseHarness>(Preparing::named);
  harness->options.replica_urls = {follower().url(harness->home.url())};
  return harness;
}

class ReplicasTest : public StoreTest {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner, "議論文");
    for (int i = 2; i <= 5; ++i) post(owner, chat, fmt::format("m{}", i));
    run_until([this] { return seen().usable && replica_is_level(); });
  }
  void TearDown() override {
    if (paused) resume();
  }

  ReplicaStatistics seen() { return home().first().statistics().replicas.at(0); }
  std::string replica_url() { return follower().url(home().home.url()); }
  bool replica_is_level() {
    const auto written = inspector.run("SELECT pg_current_wal_flush_lsn()");
    return Inspector(replica_url())
               .run(fmt::format("SELECT pg_last_wal_replay_lsn() >= '{}'",
                                written.substr(0, written.size() - 1))) == "t\n";
  }
  void pause() {
    Inspector(replica_url()).run("SELECT pg_wal_replay_pause()");
    run_until([this] {
      return Inspector(replica_url()).run("SELECT pg_get_wal_replay_pause_state()") == "paused\n";
    });
    paused = true;
  }
  void resume() {
    Inspector(replica_url()).run("SELECT pg_wal_replay_resume()");
    paused = false;
  }

  std::vector<std::int64_t> page() {
    const auto messages = run(harness->messages().page(owner.id, chat.id, {}, soon()));
    return seqs(messages.value());
  }
  std::vector<std::int64_t> replay(std::int64_t after, std::int64_t known) {
    const auto events = run(harness->events().read({.stream = domain::StreamId(chat.id),
                                                    .after = domain::Seq(after),
                                                    .min_seq = domain::Seq(known)},
                                                   soon()));
    return seqs(events.events);
  }
  std::vector<ports::ChatSummary> list(std::int64_t known, std::string search = "") {
    return run(harness->chats().list(
                   owner.id,
                   {.cursor = {},
                    .search = std::move(search),
                    .newest_known = ports::KnownEvent{chat.id, domain::Seq(known)}},
                   soon()))
        .value()
        .chats;
  }
  static std::vector<std::int64_t> seqs(const auto& all) {
    std::vector<std::int64_t> numbers;
    for (const auto& each : all) numbers.push_back(each.seq.value());
    return numbers;
  }
  std::uint64_t statements_of_primary() { return home().first().statistics().read_statements; }

  bool paused = false;
  domain::User owner;
  domain::Chat chat;
};

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(ReplicasTest, a_replica_that_is_level_answers) {
  const auto before = statements_of_primary();
  EXPECT_THAT(replay(2, 5), ElementsAre(3, 4, 5));
  EXPECT_EQ(statements_of_primary(), before) << "the primary was not asked at all";
  EXPECT_EQ(seen().answered, 1u);
  EXPECT_THAT(page(), ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(seen().answered, 2u);
  ASSERT_THAT(list(5), SizeIs(1));
  EXPECT_EQ(list(5)[0].last_message->seq.value(), 5);
  EXPECT_THAT(list(5, "m3"), SizeIs(1));
  EXPECT_THAT(list(5, "m9"), IsEmpty());
  EXPECT_EQ(seen().answered, 6u);
  EXPECT_EQ(seen().stale, 0u);
  EXPECT_EQ(seen().failed, 0u);
}

TEST_P(ReplicasTest, who_says_nothing_about_what_it_knows_is_answered_by_the_primary) {
  pause();
  post(owner, chat, "m6");
  EXPECT_THAT(seqs(run(harness->events().read(
                           {.stream = domain::StreamId(chat.id), .after = domain::Seq(4)}, soon()))
                       .events),
              ElementsAre(5, 6));
  const auto chats = run(harness->chats().list(owner.id, {}, soon())).value().chats;
  EXPECT_EQ(chats.at(0).chat.last_seq.value(), 6);
  EXPECT_EQ(seen().answered + seen().stale, 0u);
}

TEST_P(ReplicasTest, what_was_just_written_is_read_while_the_replica_stands_still) {
  pause();
  const auto seq = post(owner, chat, "m6 新").position.seq.value();
  EXPECT_THAT(page(), ElementsAre(2, 3, 4, 5, 6));
  EXPECT_THAT(replay(4, seq), ElementsAre(5, 6));
  EXPECT_EQ(list(seq).at(0).last_message->seq.value(), 6);
  EXPECT_THAT(list(seq, "新"), SizeIs(1));
  EXPECT_EQ(seen().stale, 4u);
  EXPECT_THAT(replay(3, 5), ElementsAre(4, 5)) << "old enough for who knows of no more";
  EXPECT_EQ(seen().answered, 1u);
}

TEST_P(ReplicasTest, rights_and_read_marks_are_never_old) {
  const auto other = make_user("other");
  add_member(owner, chat, other, domain::MemberRole::editor);
  run_until([this] { return replica_is_level(); });
  pause();
  ASSERT_TRUE(run(harness->chats().mark_read(owner.id, chat.id, domain::Seq(5), soon())));
  ASSERT_TRUE(run(harness->chats().remove_member(owner.id, chat.id, other.id, soon())));
  EXPECT_THAT(run(harness->messages().page(other.id, chat.id, {}, soon())),
              ports::contract::refused(base::ErrorCode::not_found));
  const ports::KnownEvent known{chat.id, domain::Seq(5)};
  EXPECT_THAT(run(harness->chats().list(
                      other.id, {.cursor = {}, .search = {}, .newest_known = known}, soon()))
                  .value()
                  .chats,
              IsEmpty());
  ASSERT_TRUE(run(harness->chats().update(owner.id, chat.id,
                                          {.title = {}, .context = {}, .pinned = true}, soon())));
  EXPECT_TRUE(list(5).at(0).pinned);
}

TEST_P(ReplicasTest, one_that_is_too_far_behind_is_left_alone_until_it_is_level_again) {
  pause();
  post(owner, chat, "m6");
  // Until the watch has seen what the primary wrote.
  run_until([this] {
    home().clock.advance(base::Milliseconds(10));
    return !seen().usable && seen().lag > std::chrono::seconds(2);
  });
  const auto before = seen();
  EXPECT_THAT(replay(3, 5), ElementsAre(4, 5, 6));
  EXPECT_EQ(seen().answered, before.answered);
  resume();
  run_until([this] { return seen().usable; });
  EXPECT_EQ(seen().lag.count(), 0);
  EXPECT_THAT(replay(3, 6), ElementsAre(4, 5, 6));
  EXPECT_EQ(seen().answered, before.answered + 1);
}

TEST_P(ReplicasTest, nobody_notices_that_one_is_killed_and_it_is_used_again_when_it_is_back) {
  follower().kill();
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(page(), ElementsAre(2, 3, 4, 5));
    EXPECT_THAT(replay(4, 5), ElementsAre(5));
    EXPECT_THAT(list(5), SizeIs(1));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  EXPECT_FALSE(seen().usable);
  follower().restart();
  run_until([this] { return seen().usable; });
  run_until([this] {
    replay(4, 5);
    return seen().answered > 0;
  });
}

TEST_P(ReplicasTest, a_server_that_follows_nobody_is_never_asked) {
  auto options = home().options;
  options.replica_urls = {home().home.url()};
  Process process(io, options, home().clock, 99);
  run_until([this] {
    return watcher.number(
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
               "AND state = 'idle' AND query LIKE '%pg_last_wal_replay_lsn%' "
               "AND pid <> pg_backend_pid()") > 0;
  });
  for (int i = 0; i < 10; ++i) {
    run(process.database.events().read(
        {.stream = domain::StreamId(chat.id), .after = {}, .min_seq = domain::Seq(1)}, soon()));
  }
  const auto seen = process.database.statistics().replicas.at(0);
  EXPECT_FALSE(seen.usable);
  EXPECT_EQ(seen.answered, 0u);
  run(process.database.stop());
}

TEST_P(ReplicasTest, the_doctor_is_told_how_a_replica_is) {
  const auto look = [this] {
    const auto deadline = base::Deadline::after(harness->monotonic(), std::chrono::seconds(10));
    return run(look_at_replica({.url = home().home.url()}, {.url = replica_url()}, &home().clock,
                               deadline));
  };
  EXPECT_TRUE(look().follows);
  EXPECT_TRUE(look().level);
  const auto itself = run(look_at_replica({.url = home().home.url()}, {.url = home().home.url()},
                                          &home().clock, soon()));
  EXPECT_FALSE(itself.follows);
}

INSTANTIATE_TEST_SUITE_P(Postgres, ReplicasTest, testing::Values(make_followed_harness));

}  // namespace
}  // namespace rubricon::postgres
