#include <rubricon/app/config.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace rubricon::app {
namespace {

std::string error_of(const Flags& flags, const Environment& variables,
                     const std::filesystem::path& file = {}) {
  try {
    load_config(flags, variables, file);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

class ConfigFile : public ::testing::Test {
 protected:
  ConfigFile() {
    // Its own: tests run beside each other.
    std::string name = ::testing::TempDir() + "rubricon-config-XXXXXX";
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder for the test");
    folder_ = name;
  }
  ~ConfigFile() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& text) {
    const auto path = folder_ / "rubricon.toml";
    std::ofstream(path) << text;
    return path;
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(ConfigFile, holds_texts_whole_numbers_and_lists) {
  const auto file =
      write("user_sockets = 7\npublic_origins = [\"https://a.tw\", \"https://b.tw\"]\n");
  const auto config = load_config({}, {}, file).config;
  EXPECT_EQ(config.limits.user_sockets, 7u);
  EXPECT_EQ(config.public_origins, (std::vector<std::string>{"https://a.tw", "https://b.tw"}));
}

TEST_F(ConfigFile, flags_win_over_the_environment_and_that_over_the_file) {
  const auto file = write("listen = \"127.0.0.1:1\"\ndata_dir = \"/file\"\nlog = \"json\"\n");
  const auto loaded = load_config(
      {{"listen", "127.0.0.1:3"}},
      Environment({{"RUBRICON_LISTEN", "127.0.0.1:2"}, {"RUBRICON_DATA_DIR", "/env"}}), file);
  EXPECT_EQ(loaded.config.listen.port, 3);
  EXPECT_EQ(loaded.config.data_dir, "/env");
  EXPECT_EQ(loaded.config.log, LogStyle::json);
  EXPECT_EQ(std::ranges::find(loaded.settings, "listen", &Setting::name)->source, "flag");
}

TEST(Config, the_defaults_are_open_on_loopback_and_closed_elsewhere) {
  const auto loopback = load_config({}, {}, {}).config;
  EXPECT_EQ(loopback.signup, Signup::open);
  EXPECT_EQ(loopback.public_origins,
            (std::vector<std::string>{"http://127.0.0.1:3000", "http://localhost:3000"}));
  const auto world = load_config({{"listen", "192.0.2.1:3000"}}, {}, {}).config;
  EXPECT_EQ(world.signup, Signup::invite);
}

TEST(Config, says_what_depends_on_other_settings) {
  const auto value_of = [](const LoadedConfig& loaded, const std::string& name) {
    const auto found = std::ranges::find(loaded.settings, name, &Setting::name);
    return found == loaded.settings.end() ? "" : found->value;
  };
  const auto loopback = load_config({}, {}, {});
  EXPECT_EQ(value_of(loopback, "signup"), "open");
  EXPECT_EQ(value_of(loopback, "public_origins"), "http://127.0.0.1:3000,http://localhost:3000");
  const auto world = load_config({{"listen", "192.0.2.1:3000"}, {"public_origins", ","}}, {}, {});
  EXPECT_EQ(value_of(world, "signup"), "invite");
  EXPECT_EQ(value_of(world, "public_origins"), "http://192.0.2.1:3000");
}

TEST(Config, an_origin_that_no_browser_can_have_is_refused) {
  EXPECT_TRUE(error_of({{"listen", "0.0.0.0:3000"}}, {}).contains("set public_origins"));
  EXPECT_EQ(error_of({{"listen", "0.0.0.0:3000"}, {"public_origins", "https://a.tw"}}, {}), "");
  for (const char* bad :
       {"a.tw", "https://a.tw/", "ftp://a.tw", "https://", "https://me@a.tw", "https://a b.tw"}) {
    EXPECT_TRUE(error_of({{"public_origins", bad}}, {}).contains("an origin is")) << bad;
  }
}

TEST(Config, limits_are_whole_numbers_and_said_to_be_so) {
  const auto limits =
      load_config({}, Environment({{"RUBRICON_USER_SOCKETS", "7"}}), {}).config.limits;
  EXPECT_EQ(limits.user_sockets, 7u);
  EXPECT_EQ(limits.user_requests_per_second, 100u);
  for (const char* bad : {"0", "-1", "1.5", "many", "", "1000001", "99999999999"}) {
    EXPECT_NE(error_of({}, Environment({{"RUBRICON_LOGIN_FAILURES", bad}})).find("whole number"),
              std::string::npos)
        << bad;
  }
}

TEST(Config, lists_are_separated_by_commas) {
  const auto config =
      load_config({}, Environment({{"RUBRICON_PUBLIC_ORIGINS", "https://a.tw, https://b.tw"}}), {})
          .config;
  EXPECT_EQ(config.public_origins, (std::vector<std::string>{"https://a.tw", "https://b.tw"}));
}

TEST(Config, events_of_other_servers_are_named_within_bounds_and_are_not_our_own) {
  const auto with_redis = [](const std::string& events) {
    return Flags{{"redis_url", "redis://cache"}, {"redis_events", events}};
  };
  const std::string longest(64, 'x');
  const auto config = load_config(with_redis("bell, door:open ," + longest), {}, {}).config;
  EXPECT_EQ(config.redis_events, (std::vector<std::string>{"bell", "door:open", longest}));
  EXPECT_TRUE(load_config({}, {}, {}).config.redis_events.empty());
  for (const auto& bad : {longest + "x", std::string("door open"), std::string("bell\n")}) {
    EXPECT_TRUE(error_of(with_redis(bad), {}).contains("1 to 64 visible characters")) << bad;
  }
  for (const auto* ours : {"new-msg", "bell,user-event", "heads", "server-closing"}) {
    EXPECT_TRUE(error_of(with_redis(ours), {}).contains("is said by this server alone")) << ours;
  }
  std::string names = "n1";
  for (int n = 2; n <= 32; ++n) names += fmt::format(",n{}", n);
  EXPECT_EQ(error_of(with_redis(names), {}), "");
  EXPECT_EQ(error_of(with_redis(names + ",n33"), {}),
            "redis_events (flag): these are 33 names, at most 32 may be");
}

TEST(Config, addresses_are_numeric_and_print_as_they_are_written) {
  EXPECT_EQ(ListenAddress::parse("[::1]:3000").to_string(), "[::1]:3000");
  for (const char* bad :
       {"3000", "localhost:3000", "127.0.0.1:", "127.0.0.1:70000", ":3000", "127.0.0.1:3x"}) {
    EXPECT_THROW(ListenAddress::parse(bad), ConfigError) << bad;
  }
}

TEST(Config, says_what_is_wrong) {
  EXPECT_TRUE(error_of({{"signup", "maybe"}}, {}).contains("first, invite or open"));
  EXPECT_TRUE(error_of({{"log", "xml"}}, {}).contains("auto, json or text"));
  EXPECT_EQ(error_of({}, {}, "/nowhere.toml"), "there is no file /nowhere.toml");
  EXPECT_EQ(error_of({}, {{"RUBRICON_USER_SOCKETS", "x"}}),
            "user_sockets (environment): \"x\" is no limit: use a whole number from 1 to 1000000");
  EXPECT_TRUE(error_of({{"trusted_proxies", "nginx"}}, {}).starts_with("trusted_proxies (flag): "));
  EXPECT_EQ(error_of({{"trusted_proxies", "127.0.0.1, 10.0.0.0/8"}}, {}), "");
  EXPECT_TRUE(error_of({}, {{"RUBRICON_OTLP_URL", "http://x"}}).contains("RUBRICON_OTLP_URL"));
  EXPECT_EQ(error_of({}, {{"RUBRICON_BROKER_URL", "memory:"}}), "");
  EXPECT_TRUE(error_of({}, {{"RUBRICON_LISTENN", "x"}}).contains("RUBRICON_LISTENN"));
  EXPECT_TRUE(error_of({}, {{"RUBRICON_listen", "x"}}).contains("RUBRICON_listen"));
  EXPECT_TRUE(error_of({}, {{"RUBRICON_AI_KEY", "x"}}).contains("ai_url"));
  EXPECT_EQ(error_of({}, {{"LISTEN", "nowhere"}}), "");
}

TEST(Config, failpoints_are_a_setting_only_where_they_are_built_in) {
  const auto at_commit =
      error_of({}, {{"RUBRICON_FAILPOINT", "api.after_commit:kill@7,relay.before_delete:kill@1"}});
  const auto nowhere = error_of({}, {{"RUBRICON_FAILPOINT", "api.nowhere:kill"}});
#ifdef RUBRICON_FAILPOINTS
  EXPECT_EQ(at_commit, "");
  EXPECT_TRUE(nowhere.contains("places are migrate.mid, api.before_begin")) << nowhere;
#else
  EXPECT_TRUE(at_commit.contains("no such setting")) << at_commit;
  EXPECT_TRUE(nowhere.contains("no such setting")) << nowhere;
#endif
}

TEST_F(ConfigFile, refuses_unknown_settings_and_wrong_types) {
  EXPECT_TRUE(error_of({}, {}, write("lisen = \"127.0.0.1:1\"")).contains("lisen"));
  EXPECT_TRUE(error_of({}, {}, write("\nlisten = 3.5")).contains("toml:2: listen must be"));
  EXPECT_TRUE(error_of({}, {}, write("public_origins = [[\"x\"]]")).contains("must be"));
  EXPECT_TRUE(error_of({}, {}, write("listen = ")).contains(":1:"));
}

}  // namespace
}  // namespace rubricon::app
