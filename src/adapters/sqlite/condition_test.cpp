#include <rubricon/sqlite/condition.hpp>

#include <rubricon/sqlite/connection.hpp>
#include <rubricon/sqlite/migrations.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace rubricon::sqlite {
namespace {

using std::chrono_literals::operator""s;

class SqliteConditionTest : public testing::Test {
 protected:
  SqliteConditionTest() { std::filesystem::create_directories(folder); }
  ~SqliteConditionTest() override { std::filesystem::remove_all(folder); }

  void make() const {
    Connection db(file, 1s);
    db.execute("PRAGMA journal_mode = WAL");
    migrate(db, migrations(), base::Time());
  }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("rubricon-condition-" + std::to_string(::getpid()));
  const std::filesystem::path file = folder / "rubricon.db";
};

TEST_F(SqliteConditionTest, of_a_file_that_works) {
  make();
  const auto seen = look_at(file, 10s);
  EXPECT_TRUE(seen.there);
  EXPECT_GT(seen.bytes, 4'096u);
  EXPECT_EQ(seen.schema, seen.schema_known);
  EXPECT_GE(seen.schema, 3);
  EXPECT_EQ(seen.damage, "");
  EXPECT_TRUE(seen.looked_through);
}

TEST_F(SqliteConditionTest, of_no_file_makes_none) {
  EXPECT_FALSE(look_at(file, 10s).there);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(SqliteConditionTest, of_a_file_with_a_torn_page_and_of_one_that_is_no_database) {
  make();
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4'096 * 3);
    bytes << std::string(4'096, 'x');
  }
  EXPECT_NE(look_at(file, 10s).damage, "");
  std::ofstream(file, std::ios::trunc) << std::string(10'000, 'y');
  EXPECT_NE(look_at(file, 10s).damage, "");
}

}  // namespace
}  // namespace rubricon::sqlite
