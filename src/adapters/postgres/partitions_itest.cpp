// tests: partition_archive.cpp session.cpp
#include <rubricon/postgres/partitions.hpp>

#include <rubricon/postgres/chat_histories.hpp>
#include <rubricon/postgres/failure.hpp>
#include <rubricon/postgres/store_test.hpp>

#include <filesystem>
#include <thread>

namespace rubricon::postgres {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using State = PartitionState;

/// A chat with events 1 to 6, of which 1 to 4 happened in the second quarter of 2026 and the last
/// two now, in the fourth.
class PartitionsTest : public StoreTest {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "partitions-XXXXXX";
    folder = ::mkdtemp(name.data());
    owner = make_user("owner");
    chat = make_chat(owner);
    for (int i = 2; i <= 6; ++i) post(owner, chat, fmt::format("第\t{}\\n題", i));
    claim_outbox();
    inspector.run("DELETE FROM outbox; UPDATE ai_jobs SET state = 'done'");
    inspector.run("SELECT ensure_partitions('2026-05-01', 0)");
    for (const auto* table : {"events", "messages"}) {
      inspector.run(fmt::format(
          "UPDATE {} SET created_at = '2026-05-02T03:04:05.678Z' "
          "WHERE {} = '{}' AND seq <= 4",
          table, std::string(table) == "events" ? "stream" : "chat_id", chat.id.to_string()));
    }
    Partitions(home().home.url(), home().clock).detach(first);
    whole = dump();
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  Partitions open(PartitionOptions options = {}) {
    return {home().home.url(), home().clock, options};
  }
  /// Every row, wherever it is.
  std::string dump() {
    std::string all;
    for (const auto* table : {"messages", "events"}) {
      const auto rest = fmt::format("SELECT m.* FROM {} m", table);
      all += inspector.run(rest +
                           (attached(second) ? ""
                                             : fmt::format(" UNION ALL SELECT m.* FROM {} m",
                                                           second.table_of(table))) +
                           " ORDER BY 1, 2");
    }
    return all;
  }
  bool attached(Quarter quarter) {
    return inspector.number(fmt::format("SELECT count(*) FROM pg_inherits WHERE inhrelid IN "
                                        "(to_regclass('{}'), to_regclass('{}'))",
                                        quarter.table_of("messages"),
                                        quarter.table_of("events"))) == 2;
  }
  bool there(Quarter quarter) {
    return inspector.run(fmt::format("SELECT to_regclass('{}') IS NOT NULL",
                                     quarter.table_of("messages"))) == "t\n";
  }
  ports::EventPage read_after(std::int64_t seq) {
    return run(harness->events().read(
        {.stream = domain::StreamId(chat.id), .after = domain::Seq(seq)}, soon()));
  }
  static std::vector<std::int64_t> seqs(const auto& all) {
    std::vector<std::int64_t> numbers;
    for (const auto& each : all) numbers.push_back(each.seq.value());
    return numbers;
  }
  std::string refusal(const std::function<void()>& act) {
    try {
      act();
    } catch (const PartitionError& error) {
      return error.what();
    }
    return "not refused";
  }
  using StateOf = std::pair<std::string, State>;
  std::vector<StateOf> states() {
    std::vector<StateOf> all;
    auto partitions = open();
    for (const auto& each : partitions.list().partitions) {
      if (each.parent == "events") all.emplace_back(each.quarter.to_string(), each.state);
    }
    return all;
  }

  const Quarter first = Quarter::parse("2026q1").value();
  const Quarter second = Quarter::parse("2026q2").value();
  std::filesystem::path folder;
  domain::User owner;
  domain::Chat chat;
  std::string whole;
};

TEST_P(PartitionsTest, are_listed_with_their_state_and_what_is_missing) {
  inspector.run(
      "ANALYZE events_2026q2; ALTER TABLE events DETACH PARTITION events_2027q1; "
      "DROP TABLE events_2027q1");
  auto partitions = open();
  const auto list = partitions.list();
  EXPECT_THAT(list.missing, ElementsAre("events_2027q1"));
  EXPECT_THAT(states(),
              ElementsAre(StateOf("2026q1", State::apart), StateOf("2026q2", State::attached),
                          StateOf("2026q3", State::attached), StateOf("2026q4", State::attached),
                          StateOf("2027q2", State::attached)));
  const auto& quarter = list.partitions.at(list.partitions.size() - 4);
  EXPECT_EQ(quarter.quarter, second);
  EXPECT_EQ(quarter.rows, 4);
  EXPECT_GT(quarter.bytes, 0);
  EXPECT_THAT(partitions.ensure(), ElementsAre("events_2027q1"));
  EXPECT_THAT(partitions.ensure(), testing::IsEmpty());
  EXPECT_THAT(partitions.list().missing, testing::IsEmpty());
}

TEST_P(PartitionsTest, what_was_detached_is_answered_as_gone_and_everything_else_as_before) {
  EXPECT_THAT(seqs(read_after(0).events), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(open().detach(second), Partitions::Detached::now);
  EXPECT_EQ(open().detach(second), Partitions::Detached::before);
  EXPECT_EQ(dump(), whole) << "nothing is lost";

  for (const int after : {0, 3}) {
    const auto page = read_after(after);
    EXPECT_TRUE(page.gone) << after;
    EXPECT_THAT(page.events, testing::IsEmpty());
    EXPECT_EQ(page.head.seq.value(), 6);
  }
  EXPECT_FALSE(read_after(4).gone);
  EXPECT_THAT(seqs(read_after(4).events), ElementsAre(5, 6));
  EXPECT_FALSE(read_after(6).gone);
  EXPECT_FALSE(read_after(9).gone);

  const auto page = run(harness->messages().page(
      owner.id, chat.id, {.before = domain::Seq(7), .after = {}, .limit = 20}, soon()));
  EXPECT_THAT(seqs(page.value()), ElementsAre(5, 6)) << "pages end there";
  EXPECT_EQ(post(owner, chat, "weiter").position.seq.value(), 7);
  run(harness->chats().list(owner.id, {}, soon())).value();
}

TEST_P(PartitionsTest, verify_knows_what_was_detached_from_what_is_missing) {
  open().detach(second);
  ChatHistories histories(ConnectOptions{.url = home().home.url()}, home().clock);
  EXPECT_EQ(histories.read(chat.id)->gone_until.value(), 4);
  EXPECT_THAT(seqs(histories.read(chat.id)->events), ElementsAre(5, 6));
  inspector.run("UPDATE detached_spans SET seq_last = 3");
  EXPECT_EQ(histories.read(chat.id)->gone_until.value(), 3) << "the fourth is missing";
  inspector.run("UPDATE detached_spans SET seq_first = 2");
  EXPECT_EQ(histories.read(chat.id)->gone_until.value(), 0);
}

TEST_P(PartitionsTest, a_quarter_that_is_used_or_not_the_oldest_is_not_detached) {
  const auto detach = [this](const char* name) {
    return refusal([this, name] { open().detach(Quarter::parse(name).value()); });
  };
  EXPECT_THAT(detach("2026q4"), HasSubstr("has not ended"));
  EXPECT_THAT(detach("2027q1"), HasSubstr("has not ended"));
  EXPECT_THAT(detach("2020q1"), HasSubstr("there is no quarter 2020q1"));
  EXPECT_THAT(detach("2026q3"), HasSubstr("partitions detach 2026q2` first"));
  inspector.run("UPDATE ai_jobs SET state = 'queued' WHERE prompt_seq = 3");
  EXPECT_THAT(detach("2026q2"), HasSubstr("to be answered"));
  inspector.run("UPDATE ai_jobs SET state = 'done'");
  inspector.run(
      fmt::format("INSERT INTO outbox (stream, kind, seq, at, created_at) "
                  "VALUES ('{}', 0, 4, '2026-05-02', now())",
                  chat.id.to_string()));
  EXPECT_THAT(detach("2026q2"), HasSubstr("to be published"));
  inspector.run("DELETE FROM outbox");
  EXPECT_EQ(detach("2026q2"), "not refused");
  home().clock.advance(std::chrono::days(42));  // the third of January
  EXPECT_EQ(detach("2026q3"), "not refused");
  EXPECT_THAT(detach("2026q4"), HasSubstr("from 2027-01-08T00:00:00.000Z on"));
}

TEST_P(PartitionsTest, writers_wait_for_nothing_while_somebody_holds_the_tables) {
  Inspector reader(home().home.url());
  reader.run("BEGIN; SELECT count(*) FROM events");
  const auto refused = std::async(std::launch::async, [this] {
    return refusal([this] {
      open({.attempts_max = 3, .pause = std::chrono::milliseconds(20)}).detach(second);
    });
  });
  // In between its attempts everybody goes on.
  std::int64_t seq = 6;
  while (refused.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(post(owner, chat, "m").position.seq.value(), ++seq);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1'500));
  }
  EXPECT_GT(seq, 6);
  EXPECT_TRUE(attached(second));
  reader.run("COMMIT");
  EXPECT_EQ(open().detach(second), Partitions::Detached::now) << "what was begun is gone on with";
}

TEST_P(PartitionsTest, an_archived_quarter_is_in_its_file_and_comes_back_as_it_was) {
  open().detach(second);
  const auto archived = open().archive(second, folder / "new");
  EXPECT_EQ(archived.file, folder / "new" / "rubricon-2026q2.archive");
  EXPECT_EQ(archived.summary, check_archive(archived.file));
  EXPECT_EQ(archived.summary.tables[1].rows, 4);
  EXPECT_FALSE(there(second));
  EXPECT_TRUE(read_after(0).gone);
  inspector.run("SELECT ensure_partitions('2026-05-01', 0)");
  EXPECT_FALSE(there(second)) << "nobody makes it anew";
  EXPECT_EQ(states().at(1), StateOf("2026q2", State::archived));

  const auto moved = folder / "moved";
  std::filesystem::rename(archived.file, moved);
  EXPECT_THAT(refusal([this] { open().restore(second); }), HasSubstr("is not there"));
  EXPECT_EQ(open().restore(moved), Partitions::Restored::now);
  EXPECT_EQ(open().restore(moved), Partitions::Restored::before);
  EXPECT_EQ(open().restore(second), Partitions::Restored::before);
  EXPECT_TRUE(attached(second));
  EXPECT_EQ(dump(), whole);
  EXPECT_THAT(seqs(read_after(0).events), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(inspector.number("SELECT count(*) FROM pg_constraint WHERE conname = 'of_quarter'"), 0);
  EXPECT_EQ(inspector.number(
                "SELECT count(*) FROM pg_index WHERE indrelid = 'messages_2026q2'::regclass"),
            3);
  EXPECT_EQ(inspector.number("SELECT count(*) FROM detached_spans WHERE quarter = '2026q2'"), 0);
}

TEST_P(PartitionsTest, quarters_come_back_from_the_database_newest_first) {
  open().detach(second);
  EXPECT_THAT(refusal([this] { open().restore(first); }),
              HasSubstr("partitions restore 2026q2` first"));
  EXPECT_EQ(open().restore(second), Partitions::Restored::now);
  EXPECT_EQ(open().restore(first), Partitions::Restored::now);
  EXPECT_EQ(open().restore(first), Partitions::Restored::before);
  EXPECT_TRUE(attached(first));
  EXPECT_EQ(dump(), whole);
  EXPECT_THAT(refusal([this] { open().restore(second.later(-8)); }), HasSubstr("no quarter"));
}

TEST_P(PartitionsTest, only_what_is_detached_is_archived_and_no_file_is_replaced) {
  EXPECT_THAT(refusal([this] { open().archive(second, folder); }),
              HasSubstr("partitions detach 2026q2` first"));
  open().detach(second);
  const auto file = folder / "rubricon-2026q2.archive";
  std::ofstream(file) << "somebody's\n";
  EXPECT_THAT(refusal([this] { open().archive(second, folder); }), HasSubstr("something else"));
  EXPECT_TRUE(there(second));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  std::filesystem::remove(file);
  EXPECT_THROW(open().archive(second, "/proc/nowhere"), std::filesystem::filesystem_error);
  EXPECT_TRUE(there(second));
  open().archive(second, folder);
  EXPECT_THAT(refusal([this] { open().archive(second, folder); }), HasSubstr("already"));
}

TEST_P(PartitionsTest, an_archive_that_died_before_its_commit_is_made_again) {
  open().detach(second);
  inspector.run(
      "CREATE TABLE kept_m AS TABLE messages_2026q2; "
      "CREATE TABLE kept_e AS TABLE events_2026q2");
  // The file has its name and the tables are not dropped, and there is one half of another attempt.
  inspector.run("CREATE VIEW holds AS SELECT * FROM messages_2026q2");  // so that DROP fails
  EXPECT_ANY_THROW(open().archive(second, folder));
  EXPECT_TRUE(std::filesystem::exists(folder / "rubricon-2026q2.archive"));
  EXPECT_TRUE(there(second));
  inspector.run("DROP VIEW holds");
  std::ofstream(folder / "rubricon-2026q2.archive.partial") << "rubricon-quarter 1\n";
  open().archive(second, folder);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  open().restore(second);
  EXPECT_EQ(dump(), whole);
}

TEST_P(PartitionsTest, nothing_is_left_of_a_file_that_is_not_the_one) {
  open().detach(second);
  const auto file = open().archive(second, folder).file;
  const auto cut = folder / "cut";
  std::filesystem::copy_file(file, cut);
  std::filesystem::resize_file(cut, std::filesystem::file_size(cut) - 80);
  EXPECT_THROW(open().restore(cut), ArchiveError);
  {
    ArchiveWriter other(folder / "other", second);
    for (const auto* table : {"messages", "events"}) {
      other.begin_table(table, "seq");
      other.end_table();
    }
    other.finish();
  }
  EXPECT_THAT(refusal([this] { open().restore(folder / "other"); }),
              HasSubstr("its checksum is another"));
  EXPECT_FALSE(there(second));
  // A row that cannot be: the tables are not made.
  inspector.run("ALTER TABLE messages ADD CHECK (seq <> 3) NOT VALID");
  EXPECT_THROW(open().restore(file), std::exception);
  EXPECT_FALSE(there(second));
  inspector.run("ALTER TABLE messages DROP CONSTRAINT messages_seq_check");
  EXPECT_EQ(open().restore(file), Partitions::Restored::now);
  EXPECT_EQ(dump(), whole);
}

TEST_P(PartitionsTest, one_command_at_a_time) {
  open().detach(second);
  Inspector other(home().home.url());
  other.run("BEGIN; SELECT pg_advisory_xact_lock(5927201144290703)");
  EXPECT_THAT(refusal([this] { open().archive(second, folder); }), HasSubstr("another command"));
  EXPECT_THAT(refusal([this] { open().restore(second); }), HasSubstr("another command"));
  make_user("newcomer");  // may sign up meanwhile
  other.run("COMMIT");
  EXPECT_EQ(open().restore(second), Partitions::Restored::now);
}

TEST_P(PartitionsTest, a_database_before_its_migration_is_refused) {
  inspector.run("DROP TABLE detached_spans, detached_quarters");
  EXPECT_THAT(refusal([this] { open(); }), HasSubstr("rubricon migrate"));
  EXPECT_THROW(Partitions("postgresql://127.0.0.1:1/none", home().clock), Failure);
}

INSTANTIATE_TEST_SUITE_P(Postgres, PartitionsTest, testing::Values(make_harness));

}  // namespace
}  // namespace rubricon::postgres
