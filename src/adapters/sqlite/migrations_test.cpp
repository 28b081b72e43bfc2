// tests: file_lock.cpp
#include <rubricon/sqlite/migrations.hpp>

#include <rubricon/sqlite/database.hpp>
#include <rubricon/sqlite/file_lock.hpp>
#include <rubricon/sqlite/harness_test.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace rubricon::sqlite {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class MigrationsTest : public testing::Test {
 protected:
  std::int64_t count(std::string_view sql) {
    auto row = db.query(sql);
    row.step();
    return row.integer(0);
  }

  TestFolder folder;
  Connection db{folder.file(), base::Milliseconds(100)};
  base::Time now = base::time_from_unix_ms(1'000);
};

constexpr Migration first{1, "first", "CREATE TABLE a (x INTEGER) STRICT"};
constexpr Migration second{2, "second", "CREATE TABLE b (x INTEGER) STRICT"};
constexpr Migration broken{2, "broken", "CREATE TABLE c (x INTEGER) STRICT; CREATE TABLE a (x)"};

TEST_F(MigrationsTest, each_is_applied_once_and_remembered) {
  migrate(db, std::array{first}, now);
  migrate(db, std::array{first, second}, now);
  migrate(db, std::array{first, second}, now);
  EXPECT_EQ(count("SELECT count(*) FROM schema_migrations"), 2);
  EXPECT_EQ(count("SELECT count(*) FROM b"), 0);
}

TEST_F(MigrationsTest, a_broken_one_changes_nothing) {
  migrate(db, std::array{first}, now);
  EXPECT_THROW(migrate(db, std::array{first, broken}, now), Defect);
  EXPECT_EQ(count("SELECT count(*) FROM sqlite_schema WHERE name = 'c'"), 0);
  EXPECT_EQ(count("SELECT max(version) FROM schema_migrations"), 1);
  EXPECT_FALSE(db.in_transaction());
}

TEST_F(MigrationsTest, a_file_of_a_newer_program_is_refused) {
  migrate(db, std::array{first, second}, now);
  EXPECT_THAT([this] { migrate(db, std::array{first}, now); },
              ThrowsMessage<OpenError>(HasSubstr("schema version 2")));
}

TEST_F(MigrationsTest, other_peoples_databases_are_refused) {
  db.execute("CREATE TABLE theirs (x INTEGER)");
  EXPECT_THAT([this] { migrate(db, std::array{first}, now); },
              ThrowsMessage<OpenError>(HasSubstr("another program")));
}

TEST_F(MigrationsTest, the_compiled_in_ones_have_gapless_numbers_and_apply) {
  int expected = 1;
  for (const auto& migration : migrations()) EXPECT_EQ(migration.version, expected++);
  migrate(db, migrations(), now);
  EXPECT_EQ(count("SELECT count(*) FROM users"), 0);
}

TEST(FileLock, one_at_a_time_and_free_again_afterwards) {
  const TestFolder folder;
  {
    const FileLock lock(folder.file());
    EXPECT_THAT([&folder] { FileLock again(folder.file()); },
                ThrowsMessage<OpenError>(HasSubstr("process " + std::to_string(::getpid()))));
  }
  const FileLock lock(folder.file());
}

}  // namespace
}  // namespace rubricon::sqlite
