#include <rubricon/postgres/database.hpp>

#include <rubricon/base/task_group.hpp>
#include <rubricon/postgres/store_test.hpp>

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>

namespace rubricon::postgres {
namespace {

using Posted = base::Result<ports::PostedMessage>;

class DatabaseTest : public StoreTest {};

TEST_P(DatabaseTest, a_list_of_chats_is_one_statement_however_long) {
  const auto owner = make_user("owner");
  for (int i = 0; i < 30; ++i) post(owner, make_chat(owner, "x"), "m");
  const auto before = home().first().statistics();
  EXPECT_THAT(run(harness->chats().list(owner.id, {.limit = 30}, soon())).value().chats,
              testing::SizeIs(30));
  const auto after = home().first().statistics();
  EXPECT_EQ(after.read_statements - before.read_statements, 1u);
  EXPECT_EQ(after.reads - before.reads, 1u);
}

TEST_P(DatabaseTest, what_is_over_is_cleaned_up_by_any_number_of_processes) {
  const auto owner = make_user("owner");
  const auto chat = make_chat(owner);
  run(harness->messages().post(message(owner, chat, "m", "k"), soon())).value();
  run(harness->sessions().open(owner.id, ports::TokenHash{}, harness->now(), soon()));
  harness->advance(std::chrono::days(60));
  home().options.maintain_every = std::chrono::milliseconds(10);
  for (int i = 0; i < 2; ++i) home().add_process(io);
  run_until([this] {
    return inspector.run(
               "SELECT (SELECT count(*) FROM idempotency), "
               "(SELECT count(*) FROM sessions), (SELECT count(*) FROM refresh_tokens), "
               "to_regclass('messages_2027q3')") == "0|0|0|messages_2027q3\n";
  });
}

TEST_P(DatabaseTest, a_call_that_was_cancelled_leaves_nothing_behind) {
  const auto owner = make_user("owner");
  const auto chat = make_chat(owner);
  inspector.run("BEGIN");
  inspector.run("SELECT 1 FROM chats FOR UPDATE");
  base::TaskGroup calls(io.get_executor(), [](const std::exception_ptr&) {});
  const auto rename = [](ports::ChatStore* chats, domain::UserId user, domain::ChatId which,
                         base::Deadline deadline) -> base::Task<void> {
    co_await chats->update(user, which, {.title = domain::ChatTitle::parse("new").value()},
                           deadline);
  };
  calls.spawn(rename(&harness->chats(), owner.id, chat.id, soon()));
  run_until([this] { return waiting_for_locks() == 1; });
  run(calls.stop());
  inspector.run("ROLLBACK");
  run_until([this] {
    return watcher.number(
               "SELECT count(*) FROM pg_stat_activity "
               "WHERE datname = current_database() AND state LIKE '%transaction%'") == 0;
  });
  EXPECT_EQ(run(harness->chats().view(owner.id, chat.id, soon())).value().summary.chat.title, "");
}

TEST_P(DatabaseTest, a_database_that_was_never_started_can_be_stopped) {
  SeededRandom random(1);
  observability::Log log;
  Database never(io.get_executor(), home().options, home().clock, random, log);
  run(never.stop());
}

TEST_P(DatabaseTest, without_a_server_the_start_is_unavailable) {
  SeededRandom random(1);
  observability::Log log;
  Database nowhere(io.get_executor(), {.connect = {.url = "postgresql://127.0.0.1:1/none"}},
                   home().clock, random, log);
  const auto deadline = base::Deadline::after(harness->monotonic(), std::chrono::milliseconds(200));
  EXPECT_THROW(run(nowhere.start(deadline)), base::Unavailable);
  run(nowhere.stop());
}

INSTANTIATE_TEST_SUITE_P(Postgres, DatabaseTest, testing::Values(make_harness));

/// A server of its own, which may be killed.
class OwnServer {
 public:
  OwnServer() {
    std::string name = (std::filesystem::temp_directory_path() / "rubricon-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder for the test");
    folder_ = name;
    command("start");
  }
  ~OwnServer() {
    command("stop");
    std::filesystem::remove_all(folder_);
  }
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  std::string url() const {
    std::string line;
    std::ifstream file(folder_ / "url");
    std::getline(file, line);
    return line;
  }
  /// Ends it as a crash would, and starts it on the same port and data.
  void restart() { command("restart"); }

 private:
  void command(std::string_view verb) {
    const auto line = fmt::format("{}/tools/services/postgres {} {}", RUBRICON_SOURCE_DIR, verb,
                                  folder_.string());
    if (std::system(line.c_str()) != 0) throw std::runtime_error(line);
  }

  std::filesystem::path folder_;
};

class OwnServerTest : public StoreTest {
 protected:
  void SetUp() override {
    home().options.connect.url = server.url();
    database = &home().add_process(io);
    owner = run(database->users().create({.email = domain::Email::parse("o@school.tw").value(),
                                          .name = domain::DisplayName::parse("o").value(),
                                          .password_hash = "x"},
                                         ports::Admission::anybody, soon()))
                .value();
    chat = run(database->chats().create({.owner = owner.id, .title = {}}, soon())).value();
  }

  std::future<Posted> begin_post(std::string_view key) {
    return begin(database->messages().post(message(owner, chat, "m", key), soon()));
  }

  OwnServer server;
  Database* database = nullptr;
  domain::User owner;
  domain::Chat chat;
};

// Goal: gateways and workers leave the tables to the apis.
TEST_P(OwnServerTest, only_one_that_maintains_makes_partitions) {
  Inspector inspector(server.url());
  inspector.run("DROP TABLE messages_2027q2");
  const auto partitions = [&] {
    return inspector.number(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'messages'::regclass");
  };
  const auto without = partitions();
  for (const bool maintains : {false, true}) {
    auto options = home().options;
    options.maintains = maintains;
    SeededRandom random(7);
    observability::Log log;
    Database another(io.get_executor(), options, home().clock, random, log);
    run(another.start(soon()));
    EXPECT_EQ(partitions(), maintains ? without + 1 : without);
    run(another.stop());
  }
}

TEST_P(OwnServerTest, a_server_that_crashes_and_comes_back_costs_time_only) {
  ASSERT_TRUE(end(begin_post("before")));
  std::vector<std::future<Posted>> posts;
  for (int i = 0; i < 50; ++i) posts.push_back(begin_post(fmt::format("k{}", i)));
  io.restart();
  io.run_one_for(std::chrono::milliseconds(1));
  server.restart();
  for (auto& post : posts) EXPECT_TRUE(end(std::move(post)));
  EXPECT_THAT(run(database->messages().page(owner.id, chat.id, {.limit = 100}, soon())).value(),
              testing::SizeIs(51));
  EXPECT_EQ(Inspector(server.url())
                .run("SELECT count(*), max(seq) FROM events "
                     "WHERE type IN ('message-created', 'chat-created')"),
            "52|52\n");
}

TEST_P(OwnServerTest, a_commit_whose_reply_is_lost_is_found_by_its_key) {
  // A replica that never answers: the commit is done, and its acknowledgement does not come.
  Inspector other(server.url());
  other.run("SET synchronous_commit = local");
  other.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  other.run("SELECT pg_reload_conf()");
  const std::string hanging = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
  auto posted = begin_post("k");
  run_until([&] { return other.number(hanging) == 1; });
  other.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
  other.run("ALTER SYSTEM RESET synchronous_standby_names");
  other.run("SELECT pg_reload_conf()");
  EXPECT_EQ(end(std::move(posted)).value().id.to_string() + "\n",
            other.run("SELECT id FROM messages"));
}

INSTANTIATE_TEST_SUITE_P(Postgres, OwnServerTest, testing::Values(make_harness));

}  // namespace
}  // namespace rubricon::postgres
