#include <rubricon/postgres/condition.hpp>

#include <rubricon/postgres/failure.hpp>
#include <rubricon/postgres/store_test.hpp>

#include <gmock/gmock.h>

namespace rubricon::postgres {
namespace {

class ConditionTest : public StoreTest {
 protected:
  Condition look(const std::string& url) {
    return run(look_at({.url = url}, &home().clock,
                       base::Deadline::after(harness->monotonic(), std::chrono::seconds(30))));
  }
};

TEST_P(ConditionTest, is_told_of_a_database_that_works) {
  const auto seen = look(home().home.url());
  EXPECT_GE(std::stoi(seen.version), 15);
  EXPECT_FALSE(seen.replica);
  EXPECT_TRUE(seen.may_create);
  EXPECT_FALSE(seen.durable) << "a server for tests, which does not sync";
  EXPECT_EQ(seen.schema, seen.schema_known);
  EXPECT_GE(seen.schema, 1);
  EXPECT_THAT(seen.partitions_missing, testing::IsEmpty());
  EXPECT_GE(seen.connections, 1);
  EXPECT_GT(seen.connections_max, seen.connections);
}

TEST_P(ConditionTest, names_the_partitions_that_nobody_has_made) {
  inspector.run("ALTER TABLE events DETACH PARTITION events_2027q1");
  inspector.run("DROP TABLE messages_2027q2");
  EXPECT_THAT(look(home().home.url()).partitions_missing,
              testing::ElementsAre("events_2027q1", "messages_2027q2"));
}

TEST_P(ConditionTest, is_told_of_a_database_before_its_first_start) {
  const auto seen = look(url_of("postgres"));
  EXPECT_EQ(seen.schema, 0);
  EXPECT_THAT(seen.partitions_missing, testing::IsEmpty());
}

TEST_P(ConditionTest, says_why_it_cannot_be_asked_and_keeps_the_password_to_itself) {
  auto url = home().home.url();
  const auto host = url.find('@');
  ASSERT_NE(host, url.npos);
  url.replace(0, host, "postgresql://nobody:s3cret");
  try {
    look(url);
    FAIL() << "it let nobody in";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), testing::HasSubstr("nobody"));
    EXPECT_THAT(failure.what(), testing::Not(testing::HasSubstr("s3cret")));
  }
}

INSTANTIATE_TEST_SUITE_P(Postgres, ConditionTest, testing::Values(make_harness));

}  // namespace
}  // namespace rubricon::postgres
