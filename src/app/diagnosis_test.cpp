#include <rubricon/app/diagnosis.hpp>

#include <gmock/gmock.h>

namespace rubricon::app {
namespace {

using Grade = Finding::Grade;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

auto finding(Grade grade, const char* sentence) {
  return AllOf(Field(&Finding::grade, grade), Field(&Finding::sentence, HasSubstr(sentence)));
}

TEST(Diagnosis, of_settings_finds_a_page_that_no_browser_may_use_and_metrics_for_everybody) {
  Config config;
  config.public_origins = {"http://localhost:3000"};
  EXPECT_THAT(diagnose(config), ElementsAre(finding(Grade::good, "nothing contradicts")));
  config.listen = {"0.0.0.0", 3000};
  config.admin_listen = {"192.0.2.1", 9464};
  EXPECT_THAT(diagnose(config),
              ElementsAre(finding(Grade::doubtful, "only pages of this machine"),
                          finding(Grade::doubtful, "whoever reaches 192.0.2.1:9464")));
  config.public_origins.emplace_back("https://rubricon.school.example");
  config.admin_listen = {"127.0.0.1", 9464};
  EXPECT_THAT(diagnose(config), ElementsAre(finding(Grade::good, "")));
}

TEST(Diagnosis, of_a_disk_depends_on_what_is_free) {
  EXPECT_THAT(diagnose_space(2'000'000'000), ElementsAre(finding(Grade::good, "1907 MiB")));
  EXPECT_THAT(diagnose_space(500'000'000), ElementsAre(finding(Grade::doubtful, "476 MiB")));
  EXPECT_THAT(diagnose_space(1'000'000), ElementsAre(finding(Grade::broken, "0 MiB")));
}

TEST(Diagnosis, of_a_file) {
  sqlite::Condition seen;
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::good, "no database yet")));
  seen = {.there = true, .bytes = 5 << 20, .schema = 3, .schema_known = 3};
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::good, "schema 3, 5 MiB, no page")));
  seen.looked_through = false;
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::good, "too large")));
  seen.schema = 2;
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::doubtful, "version 2 of 3")));
  seen.schema = 4;
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::broken, "written by a newer")));
  seen.damage = "Tree 2 page 4: btreeInitPage() returns error code 11";
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::broken, "damaged: Tree 2 page 4")));
}

TEST(Diagnosis, of_replicas) {
  EXPECT_THAT(diagnose(postgres::ReplicaCondition{.version = "15.8"}),
              ElementsAre(finding(Grade::good, "15.8, level")));
  EXPECT_THAT(diagnose(postgres::ReplicaCondition{.version = "15.8", .level = false}),
              ElementsAre(finding(Grade::doubtful, "two seconds behind")));
  EXPECT_THAT(diagnose(postgres::ReplicaCondition{.version = "15.8", .follows = false}),
              ElementsAre(finding(Grade::broken, "follows nobody")));
}

class DiagnosisOfPostgres : public testing::Test {
 protected:
  postgres::Condition seen{.version = "15.8",
                           .schema = 1,
                           .schema_known = 1,
                           .partitions_missing = {},
                           .connections = 12,
                           .connections_max = 200};
};

TEST_F(DiagnosisOfPostgres, that_works) {
  EXPECT_THAT(diagnose(seen),
              ElementsAre(finding(Grade::good, "15.8, schema 1, 12 of 200 connections")));
}

TEST_F(DiagnosisOfPostgres, tells_everything_that_is_wrong_at_once) {
  seen.durable = false;
  seen.connections = 161;
  seen.partitions_missing = {"events_2027q1", "messages_2027q1"};
  EXPECT_THAT(diagnose(seen),
              ElementsAre(finding(Grade::doubtful, "missing: events_2027q1, messages_2027q1"),
                          finding(Grade::doubtful, "fsync"),
                          finding(Grade::doubtful, "161 of 200 connections")));
}

TEST_F(DiagnosisOfPostgres, is_bad_where_nothing_can_be_stored) {
  seen.replica = true;
  seen.may_create = false;
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::broken, "replica")));
  seen.replica = false;
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::broken, "may not make tables")));
  seen.may_create = true;
  seen.schema = 0;
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::doubtful, "no schema yet")));
}

TEST(Diagnosis, of_a_broker_by_what_is_declared_in_it) {
  using rabbitmq::TopologyState;
  std::vector<rabbitmq::TopologyItem> seen = {
      {.kind = "exchange", .name = "rubricon.events", .problem = {}},
      {.kind = "queue", .name = "rubricon.jobs", .messages = 3, .consumers = 2, .problem = {}},
      {.kind = "queue", .name = "rubricon.jobs.dead", .problem = {}}};
  EXPECT_THAT(diagnose(seen),
              ElementsAre(finding(Grade::good, "rubricon.jobs has 3 messages and 2 consumers")));
  seen[2].messages = 7;
  seen[0].state = TopologyState::missing;
  EXPECT_THAT(diagnose(seen),
              ElementsAre(finding(Grade::doubtful, "no exchange rubricon.events"),
                          finding(Grade::doubtful, "has 7 messages that no worker")));
  seen[1].state = TopologyState::different;
  seen[1].problem = "the queue rubricon.jobs is of another kind";
  EXPECT_THAT(diagnose(seen), testing::Contains(finding(Grade::broken, "of another kind")));
}

TEST(Diagnosis, of_redis) {
  EXPECT_THAT(diagnose(std::optional<redis::Condition>()),
              ElementsAre(finding(Grade::doubtful, "does not let us ask")));
  std::optional<redis::Condition> seen(
      {.version = "7.0.15", .role = "master", .maxmemory = "0", .eviction_policy = "noeviction"});
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::good, "version 7.0.15")));
  seen->maxmemory = "1000";
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::doubtful, "at 1000 bytes")));
  seen->eviction_policy = "volatile-ttl";
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::good, "")));
  seen->version = "5.0.3";
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::broken, "version 5.0.3 is older")));
  seen->role = "slave";
  EXPECT_THAT(diagnose(seen), ElementsAre(finding(Grade::broken, "replica")));
}

TEST(Finding, are_lines_with_advice_below_and_broken_where_one_is) {
  Findings findings = {{Grade::good, "disk", "is large", ""},
                       {Grade::doubtful, "Redis", "is strange", "look at it"}};
  EXPECT_EQ(to_text(findings),
            "ok        disk        is large\n"
            "doubtful  Redis       is strange\n"
            "                      -> look at it\n");
  EXPECT_FALSE(any_broken(findings));
  findings[0].grade = Grade::broken;
  EXPECT_TRUE(any_broken(findings));
}

}  // namespace
}  // namespace rubricon::app
