#include <rubricon/app/ai_settings.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace rubricon::app {
namespace {

std::string error_of(const Environment& variables) {
  try {
    load_config({}, variables, {});
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

class KeyFile : public ::testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  void TearDown() override { std::filesystem::remove(path_); }
  Environment variables() const {
    return {{"RUBRICON_AI_URL", "https://api.example.com/v1"},
            {"RUBRICON_AI_MODEL", "m"},
            {"RUBRICON_AI_KEY_FILE", path_}};
  }

  const std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) / fmt::format("rubricon_ai_key_{}", ::getpid());
};

TEST(AiSettings, without_a_url_the_rules_answer_and_a_lone_key_is_a_mistake) {
  EXPECT_TRUE(load_config({}, {}, {}).config.ai.urls.empty());
  EXPECT_TRUE(error_of({{"RUBRICON_AI_KEY", "k"}}).contains("no ai_url"));
  EXPECT_TRUE(error_of({{"RUBRICON_AI_MODEL", "m"}}).contains("no ai_url"));
}

TEST(AiSettings, a_url_needs_a_model) {
  EXPECT_TRUE(error_of({{"RUBRICON_AI_URL", "https://a.example/v1"}}).contains("no ai_model"));
  EXPECT_EQ(error_of({{"RUBRICON_AI_URL", "https://a.example/v1"}, {"RUBRICON_AI_MODEL", "m"}}),
            "");
}

TEST(AiSettings, a_model_at_home_must_be_allowed) {
  Environment variables = {{"RUBRICON_AI_URL", "http://127.0.0.1:11434/v1"},
                           {"RUBRICON_AI_MODEL", "m"}};
  EXPECT_TRUE(error_of(variables).starts_with("ai_url: ")) << error_of(variables);
  variables["RUBRICON_AI_ALLOW_PRIVATE"] = "on";
  EXPECT_EQ(error_of(variables), "");
  const auto options = ai_options(load_config({}, variables, {}).config.ai).at(0);
  EXPECT_EQ(options.endpoint.port, 11434);
  EXPECT_EQ(options.local, ai_http::LocalAddresses::allowed);
  EXPECT_EQ(options.model, "m");
  variables["RUBRICON_AI_ALLOW_PRIVATE"] = "yes";
  EXPECT_TRUE(error_of(variables).contains("off or on"));
}

TEST(AiSettings, several_models_in_order_of_preference_each_with_its_own_key) {
  Environment variables = {{"RUBRICON_AI_URL", "https://a.example/v1, https://b.example/v1"},
                           {"RUBRICON_AI_MODEL", "large, small"},
                           {"RUBRICON_AI_KEY", "ka,kb"}};
  const auto options = ai_options(load_config({}, variables, {}).config.ai);
  ASSERT_EQ(options.size(), 2u);
  EXPECT_EQ(options[0].model, "large");
  EXPECT_EQ(options[1].endpoint.host, "b.example");
  EXPECT_EQ(options[1].key, "kb");
  variables["RUBRICON_AI_KEY"] = "ka";
  EXPECT_TRUE(error_of(variables).contains("one for each")) << "a key goes to no other host";
  variables.erase("RUBRICON_AI_KEY");
  EXPECT_EQ(error_of(variables), "");
  variables["RUBRICON_AI_MODEL"] = "large";
  EXPECT_TRUE(error_of(variables).contains("one for each"));
}

TEST(AiSettings, each_model_has_its_budget_of_tokens_or_all_the_same) {
  Environment variables = {{"RUBRICON_AI_URL", "https://a.example/v1, https://b.example/v1"},
                           {"RUBRICON_AI_MODEL", "large, small"}};
  const auto budgets = [&] {
    std::vector<std::size_t> tokens;
    for (const auto& options : ai_options(load_config({}, variables, {}).config.ai)) {
      tokens.push_back(options.prompt_tokens_max);
    }
    return tokens;
  };
  EXPECT_EQ(budgets(), (std::vector<std::size_t>{24'000, 24'000}));
  variables["RUBRICON_AI_CONTEXT_TOKENS"] = "100000, 6000";
  EXPECT_EQ(budgets(), (std::vector<std::size_t>{100'000, 6'000}));
  variables["RUBRICON_AI_CONTEXT_TOKENS"] = "6000";
  EXPECT_EQ(budgets(), (std::vector<std::size_t>{6'000, 6'000}));
  variables["RUBRICON_AI_CONTEXT_TOKENS"] = "6000,6000,6000";
  EXPECT_TRUE(error_of(variables).contains("or one for all"));
  for (const auto* wrong : {"", ",", "many", "3999", "6000x", "-6000", "10000000"}) {
    variables["RUBRICON_AI_CONTEXT_TOKENS"] = wrong;
    EXPECT_TRUE(error_of(variables).contains("tokens")) << wrong;
  }
}

TEST(AiSettings, a_key_is_neither_shown_nor_repeated) {
  const Environment variables = {{"RUBRICON_AI_URL", "https://a.example/v1"},
                                 {"RUBRICON_AI_MODEL", "m"},
                                 {"RUBRICON_AI_KEY", "sk-s3cret"}};
  const auto loaded = load_config({}, variables, {});
  EXPECT_EQ(loaded.config.ai.keys.at(0), "sk-s3cret");
  EXPECT_EQ(std::ranges::find(loaded.settings, "ai_key", &Setting::name)->value, "…");
  const auto bad = error_of({{"RUBRICON_AI_KEY", "s3cret\nHost: b"}});
  EXPECT_TRUE(bad.contains("no key")) << bad;
  EXPECT_FALSE(bad.contains("s3cret"));
}

TEST_F(KeyFile, a_key_may_stand_in_a_file) {
  write("sk-from-file\n");
  EXPECT_EQ(load_config({}, variables(), {}).config.ai.keys.at(0), "sk-from-file");
  auto both = variables();
  both["RUBRICON_AI_KEY"] = "sk-from-variable";
  EXPECT_EQ(load_config({}, both, {}).config.ai.keys.at(0), "sk-from-variable");
}

TEST_F(KeyFile, a_file_that_holds_no_key_is_refused) {
  EXPECT_TRUE(error_of(variables()).contains("cannot be read"));
  write("\n");
  EXPECT_TRUE(error_of(variables()).contains("is empty"));
  write("two s3cret\n");
  EXPECT_TRUE(error_of(variables()).contains("is no key"));
  EXPECT_FALSE(error_of(variables()).contains("s3cret"));
  write(std::string(5'000, 'x'));
  EXPECT_TRUE(error_of(variables()).contains("is no key"));
}

}  // namespace
}  // namespace rubricon::app
