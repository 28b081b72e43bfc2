#include <rubricon/app/config_rules.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace rubricon::app {
namespace {

const Flags shared = {{"database_url", "postgresql://db/rubricon"}, {"broker_url", "amqp://mq"}};

Flags with(Flags flags, const Flags& more) {
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

std::string error_of(const Flags& flags) {
  try {
    load_config(flags, {}, {});
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

std::string value_of(const Flags& flags, const std::string& name) {
  const auto loaded = load_config(flags, {}, {});
  return std::ranges::find(loaded.settings, name, &Setting::name)->value;
}

TEST(ConfigRules, several_processes_need_engines_that_they_share) {
  for (const auto* roles : {"api", "gateway", "worker", "api,worker", "api,gateway"}) {
    EXPECT_TRUE(error_of({{"roles", roles}}).contains("Set database_url to postgresql")) << roles;
    EXPECT_TRUE(error_of({{"roles", roles}, {"database_url", "postgresql://db/rubricon"}})
                    .contains("Set broker_url to amqp"))
        << roles;
    EXPECT_EQ(error_of(with(shared, {{"roles", roles}})), "") << roles;
  }
  EXPECT_EQ(error_of({{"roles", "api,gateway,worker"}}), "");
}

TEST(ConfigRules, the_admin_ui_needs_the_door_where_passwords_are_checked) {
  EXPECT_EQ(error_of({{"admin_ui", "on"}}), "");
  EXPECT_TRUE(error_of(with(shared, {{"roles", "gateway"}, {"admin_ui", "on"}}))
                  .contains("api and gateway in one process"));
}

TEST(ConfigRules, each_role_listens_where_the_others_do_not) {
  EXPECT_EQ(value_of({}, "listen"), "127.0.0.1:3000");
  EXPECT_EQ(value_of(with(shared, {{"roles", "api"}}), "listen"), "127.0.0.1:3000");
  EXPECT_EQ(value_of(with(shared, {{"roles", "gateway"}}), "listen"), "127.0.0.1:3001");
  EXPECT_EQ(value_of(with(shared, {{"roles", "worker"}}), "listen"), "127.0.0.1:3002");
  EXPECT_EQ(value_of(with(shared, {{"roles", "worker"}, {"listen", "127.0.0.1:9"}}), "listen"),
            "127.0.0.1:9");
}

TEST(ConfigRules, passwords_are_not_shown) {
  EXPECT_EQ(value_of({{"database_url", "postgresql://me:s3cret@db:5432/x"}}, "database_url"),
            "postgresql://me:…@db:5432/x");
  EXPECT_EQ(value_of({{"redis_url", "redis://:s3cret@cache"}}, "redis_url"), "redis://:…@cache");
  EXPECT_EQ(
      value_of({{"database_url", "postgresql://db/x"},
                {"database_replica_urls", "postgresql://me:s3cret@a/x,postgresql://me:s3cret@b/x"}},
               "database_replica_urls"),
      "postgresql://me:…@a/x,postgresql://me:…@b/x");
  EXPECT_EQ(value_of({{"broker_url", "amqp://mq:5672/v"}}, "broker_url"), "amqp://mq:5672/v");
  EXPECT_EQ(value_of({{"database_url", "postgresql://me:a%40b@[::1]:5432/x"}}, "database_url"),
            "postgresql://me:…@[::1]:5432/x");
  EXPECT_EQ(value_of({{"database_url",
                       "postgresql://me:s3cret@a:1,b:2/x?target_session_attrs=read-write"}},
                     "database_url"),
            "postgresql://me:…@a:1,b:2/x?target_session_attrs=read-write");
  EXPECT_EQ(load_config({{"redis_url", "redis://:s3cret@cache"}}, {}, {}).config.redis_url,
            "redis://:s3cret@cache");
}

TEST(ConfigRules, replicas_follow_a_postgresql_server) {
  EXPECT_TRUE(error_of({{"database_replica_urls", "postgresql://b/x"}})
                  .contains("replicas follow a PostgreSQL server"));
  EXPECT_TRUE(error_of({{"database_url", "postgresql://a/x"}, {"database_replica_urls", "b:5432"}})
                  .contains("database_replica_urls (flag)"));
  const auto loaded = load_config({{"database_url", "postgresql://a/x"},
                                   {"database_replica_urls", "postgresql://b/x, postgresql://c/x"}},
                                  {}, {});
  EXPECT_EQ(loaded.config.database_replica_urls,
            (std::vector<std::string>{"postgresql://b/x", "postgresql://c/x"}));
}

TEST(ConfigRules, events_of_other_servers_come_over_redis) {
  EXPECT_TRUE(error_of({{"redis_events", "bell"}}).contains("Set redis_url to redis://"));
  EXPECT_EQ(error_of({{"redis_events", "bell"}, {"redis_url", "redis://cache"}}), "");
  EXPECT_EQ(error_of({{"redis_events", ""}}), "");
}

TEST(ConfigRules, addresses_of_engines_are_read_before_anything_begins) {
  EXPECT_TRUE(
      error_of({{"database_url", "mysql://x"}}).contains("database_url (flag): use sqlite:"));
  EXPECT_TRUE(error_of({{"broker_url", "http://x"}}).contains("broker_url (flag)"));
  EXPECT_TRUE(error_of({{"redis_url", "x"}}).contains("redis_url (flag)"));
  EXPECT_TRUE(error_of({{"api_url", "api:3000"}}).contains("api_url (flag)"));
  EXPECT_TRUE(error_of({{"gateway_id", "one"}}).contains("two letters or digits"));
  for (const auto* name : {"database_url", "broker_url", "redis_url"}) {
    EXPECT_FALSE(error_of({{name, "nonsense://me:s3cret@x"}}).contains("s3cret")) << name;
  }
}

}  // namespace
}  // namespace rubricon::app
