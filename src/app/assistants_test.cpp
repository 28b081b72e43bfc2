#include <rubricon/app/assistants.hpp>

#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>

#include <gtest/gtest.h>

namespace rubricon::app {
namespace {

TEST(AssistantsTest, the_models_that_are_named_in_their_order_and_always_the_rules) {
  const crypto::SystemClock clock;
  crypto::SystemRandom random;
  observability::Log log({}, [] { return base::Time(); }, [](std::string_view) {});
  observability::Metrics metrics;
  Assistants none(AiConfig{}, {clock, random, log, metrics});
  EXPECT_TRUE(none.models().empty());
  EXPECT_EQ(none.rules().model().name, "rules");
  Assistants two({.urls = {"https://a.example.com/v1", "https://b.example.com/v1"},
                  .keys = {},
                  .models = {"large", "small"},
                  .key_file = {}},
                 {clock, random, log, metrics});
  ASSERT_EQ(two.models().size(), 2u);
  EXPECT_EQ(two.models()[0].get().model().name, "large");
  EXPECT_EQ(two.models()[1].get().model().name, "small");
}

}  // namespace
}  // namespace rubricon::app
