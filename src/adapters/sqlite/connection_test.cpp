#include <rubricon/sqlite/connection.hpp>

#include <rubricon/domain/ids.hpp>
#include <rubricon/sqlite/harness_test.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace rubricon::sqlite {
namespace {

class ConnectionTest : public testing::Test {
 protected:
  TestFolder folder;
  Connection db{folder.file(), base::Milliseconds(100)};
};

TEST_F(ConnectionTest, values_come_back_as_they_were_bound) {
  db.execute("CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d BLOB, e TEXT, f INTEGER) STRICT");
  const auto id = domain::ChatId(base::Uuid::v7(1'795'384'115'123, {1, 2, 3}));
  const std::vector<std::uint8_t> bytes = {0, 255, 7};
  db.run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", std::numeric_limits<std::int64_t>::min(),
         std::string("評\0分", 7), id, bytes, std::optional<std::string>(),
         base::time_from_unix_ms(42));
  auto row = db.query("SELECT a, b, c, d, e, f FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.text(1), std::string("評\0分", 7));
  EXPECT_EQ(row.id<domain::ChatId>(2), id);
  EXPECT_TRUE(std::ranges::equal(row.blob(3), bytes));
  EXPECT_TRUE(row.null(4));
  EXPECT_EQ(row.text(4), "");
  EXPECT_EQ(row.optional_time(4), std::nullopt);
  EXPECT_EQ(row.time(5), base::time_from_unix_ms(42));
  EXPECT_FALSE(row.step());
}

TEST_F(ConnectionTest, an_empty_text_is_not_null) {
  auto row =
      db.query("SELECT ? IS NULL, ? IS NULL", std::string_view(), std::vector<std::uint8_t>());
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(0), 0);
  EXPECT_EQ(row.integer(1), 0);
}

TEST_F(ConnectionTest, a_kept_statement_forgets_its_last_arguments) {
  constexpr std::string_view sql = "SELECT ?";
  {
    auto row = db.query(sql, 7);
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.integer(0), 7);
  }
  auto row = db.query(sql, std::optional<std::int64_t>());
  ASSERT_TRUE(row.step());
  EXPECT_TRUE(row.null(0));
  EXPECT_EQ(db.statements_run(), 2u);
}

TEST_F(ConnectionTest, our_mistakes_are_defects_and_the_worlds_are_failures) {
  db.execute("CREATE TABLE t (a INTEGER UNIQUE CHECK (a > 0)) STRICT");
  db.run("INSERT INTO t VALUES (1)");
  EXPECT_THROW(db.run("INSERT INTO t VALUES (1)"), Defect);
  EXPECT_THROW(db.run("INSERT INTO t VALUES (-1)"), Defect);
  EXPECT_THROW(db.run("no such statement"), Defect);
  EXPECT_THROW(Connection("/no/such/folder/x.db", base::Milliseconds(1)), Failure);

  Connection other(folder.file(), base::Milliseconds(1));
  db.execute("BEGIN IMMEDIATE");
  EXPECT_THROW(other.execute("BEGIN IMMEDIATE"), Failure);
  db.execute("COMMIT");
  EXPECT_EQ(db.run("UPDATE t SET a = 2"), 1) << "a failed statement can be followed by others";
}

TEST_F(ConnectionTest, a_long_statement_stops_when_it_is_told_to) {
  constexpr std::string_view forever =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  int asked = 0;
  db.interrupt_when([&asked] { return ++asked > 3; });
  EXPECT_THROW(db.query(forever).step(), Failure);
  db.interrupt_when({});
  EXPECT_TRUE(db.query("SELECT 1").step());
}

TEST_F(ConnectionTest, a_snapshot_does_not_see_what_others_commit) {
  db.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER) STRICT");
  Connection other(folder.file(), base::Milliseconds(100));
  const auto count = [&other] {
    auto row = other.query("SELECT count(*) FROM t");
    row.step();
    return row.integer(0);
  };
  {
    const Snapshot snapshot(other);
    EXPECT_EQ(count(), 0);
    db.run("INSERT INTO t VALUES (1)");
    EXPECT_EQ(count(), 0);
  }
  EXPECT_EQ(count(), 1);
  EXPECT_FALSE(other.in_transaction());
}

}  // namespace
}  // namespace rubricon::sqlite
