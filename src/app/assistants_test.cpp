#include <rubricon/app/assistants.hpp>

#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>

#include <gtest/gtest.h>

namespace rubricon::app {
namespace {

TEST(AssistantsTest, the_model_answers_where_one_is_named_and_the_rules_where_none_is) {
  const crypto::SystemClock clock;
  crypto::SystemRandom random;
  observability::Log log({}, [] { return base::Time(); }, [](std::string_view) {});
  observability::Metrics metrics;
  Assistants rules(AiConfig{}, {clock, random, log, metrics});
  EXPECT_EQ(rules.best().model().name, "rules");
  Assistants model({.url = "https://api.example.com/v1", .key = "k", .model = "tiny"},
                   {clock, random, log, metrics});
  EXPECT_EQ(model.best().model().name, "tiny");
}

}  // namespace
}  // namespace rubricon::app
